import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPackageFiles } from './package-files';

// The last step of the build: a module that contains the files replaces the one that reads them.
const files = JSON.stringify(readPackageFiles(), undefined, 2);
writeFileSync(
  join(__dirname, 'package-files.js'),
  `"use strict";\nexports.readPackageFiles = () => files;\nconst files = ${files};\n`,
);
