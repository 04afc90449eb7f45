import session = require('express-session');
import store = require('knex-mysql-session');
import installer = require('knex-mysql-session/install');
import promise = require('knex-mysql-session/promise');
import koa = require('knex-mysql-session/koa');

session({ store: new store.MySQLSessionStore({ connection: '' }), secret: 'secret' });
installer.plan({ connection: '' });
new promise.SessionStore({ connection: '' });
new koa.KoaSessionStore({ connection: '' });
