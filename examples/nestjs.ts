import 'reflect-metadata';
import { Controller, Get, Module, Post, Query, Req, Session } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Request } from 'express';
import session from 'express-session';
import { MySQLSessionStore } from 'knex-mysql-session';
import { listening, run } from './run';
import { day, type Visitor, welcome } from './visitor';

declare module 'express-session' {
  interface SessionData extends Visitor {}
}

@Controller()
class Visits {
  @Get()
  visit(@Session() visitor: Visitor): string {
    return welcome(visitor);
  }

  @Post('colour')
  paint(@Session() visitor: Visitor, @Query('is') colour: string): string {
    visitor.colour = colour;
    return 'So be it';
  }

  @Post('login')
  async logIn(@Req() request: Request, @Query('name') name: string): Promise<string> {
    // A new id: whoever knows the old one is not logged in by it.
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

@Module({ controllers: [Visits] })
class Application {}

run(async ({ url, secret, port }) => {
  const store = new MySQLSessionStore({ connection: url });
  const app = await NestFactory.create(Application, { logger: false });
  const cookie = { maxAge: day };
  app.use(session({ store, secret, cookie, rolling: true, resave: false, saveUninitialized: false }));

  await store.ready();
  await app.listen(port);
  listening(app.getHttpServer());
});
