import { config } from 'zod';

// A strict security policy forbids code made at run time, which Zod tries when a schema is made: import this first.
config({ jitless: true });
