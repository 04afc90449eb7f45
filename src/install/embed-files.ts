import { writeFileSync } from 'node:fs';
import { readPackageFiles } from './package-files';

/** Ends the build: writes a module that contains the files instead of reading them. */
function embedFiles(): void {
  const files = JSON.stringify(readPackageFiles(), undefined, 2);
  writeFileSync(
    require.resolve('./package-files'),
    `"use strict";\nexports.readPackageFiles = () => files;\nconst files = ${files};\n`,
  );
}

embedFiles();
