import 'reflect-metadata';
import { Controller, Get, Module, Post, Query, Req, Session } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Request } from 'express';
import session from 'express-session';
import { MySQLSessionStore } from 'knex-mysql-session';
import { endKeepAlive, printUrl, run } from './run';
import { day, type Visitor, welcome } from './visitor';

declare module 'express-session' {
  interface SessionData extends Visitor {}
}

@Controller()
class VisitsController {
  @Get()
  visit(@Session() visitor: Visitor): string {
    return welcome(visitor);
  }

  @Post('color')
  setColor(@Session() visitor: Visitor, @Query('is') color: string): string {
    visitor.color = color;
    return 'Saved';
  }

  @Post('login')
  async logIn(@Req() request: Request, @Query('name') name: string): Promise<string> {
    // A new session id prevents session fixation.
    await new Promise<void>((resolve, reject) => {
      request.session.regenerate((error) => (error ? reject(error) : resolve()));
    });
    request.session.name = name;
    return 'Hello';
  }

  @Post('logout')
  async logOut(@Req() request: Request): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      request.session.destroy((error) => (error ? reject(error) : resolve()));
    });
    return 'Goodbye';
  }
}

@Module({ controllers: [VisitsController] })
class AppModule {}

run(async ({ url, secret, port }) => {
  const store = new MySQLSessionStore({ connection: url });
  const app = await NestFactory.create(AppModule, { logger: false });
  const cookie = { maxAge: day };
  app.use(
    session({ store, secret, cookie, rolling: true, resave: false, saveUninitialized: false }),
  );

  await store.ready();
  await app.listen(port);
  printUrl(app.getHttpServer());
  endKeepAlive(app.getHttpServer());
  // Requests under way end first, then the calls of the store.
  process.once('SIGTERM', () => app.close().then(() => store.close()));
});
