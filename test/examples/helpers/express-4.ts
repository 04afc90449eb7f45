import 'express-4';

// The example for Express, to which Express is version 4.
require.cache[require.resolve('express')] = require.cache[require.resolve('express-4')];
require('../../../examples/express');
