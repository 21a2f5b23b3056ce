/** Prepares the Python of the local AWS and nothing else, for who has something to do meanwhile: `node --import tsx rehearsal/emulator/prepare.ts`. */
import { join } from 'node:path';
import { preparePython } from './python';

const root = join(__dirname, '..', '..');

preparePython({ venv: join(root, '.venv'), requirements: join(root, 'rehearsal', 'requirements.txt'), say: console.log }).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
