import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

// Tree-shaken zod has no words of its own: without these, every problem that is told reads "Invalid input".
z.config(en());
