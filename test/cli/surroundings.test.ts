import { EventEmitter } from 'node:events';
import { outliveReader } from '../../cli/surroundings';

const failing = (code: string) => () => {
  const stream = new EventEmitter();
  outliveReader(stream);
  stream.emit('error', Object.assign(new Error(`write ${code}`), { code }));
};

test('a command outlives whoever reads its lines, and nothing else that goes wrong with them', () => {
  expect(failing('EPIPE')).not.toThrow();
  expect(failing('ENOSPC')).toThrow('write ENOSPC');
});
