'use strict';

const { compile } = require('./compile.cjs');

require.extensions['.ts'] = (module, file) => module._compile(compile(file), file);
