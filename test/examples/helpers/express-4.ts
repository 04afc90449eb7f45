import 'express-4';

// Runs the example for Express with Express 4.
require.cache[require.resolve('express')] = require.cache[require.resolve('express-4')];
require('../../../examples/express');
