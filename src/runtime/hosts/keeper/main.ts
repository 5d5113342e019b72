import { runKeeper } from './keeper.ts';

runKeeper();
