import * as fc from 'fast-check';
import { seriesOf } from '../../rehearsal/picture/bins';
import { labelRows, type Mark } from '../../rehearsal/picture/marks';
import { waitsIn } from '../../rehearsal/picture/of-the-story';
import { drawPicture, type PanelData } from '../../rehearsal/picture/picture';
import { niceScale } from '../../rehearsal/picture/shapes';
import { waitsOf } from '../../rehearsal/picture/waits';
import type { Response } from '../../rehearsal/traffic/response';

const answer = (answered: number, version: string | undefined, status = 200): Response => ({
  sent: answered - 5,
  answered,
  environment: 'Production',
  path: '/',
  connection: 'fresh',
  status,
  version,
});

describe('series', () => {
  const span = { from: 1000, to: 3000 };

  test('a bin holds what was answered within it, and each version is stacked below the next, its errors on top of it', () => {
    const responses = [answer(1000, undefined, 503), answer(1499, '1.0.0'), answer(1500, '1.1.0'), answer(1600, '1.1.0', 500), answer(2999, '1.0.0')];
    expect(seriesOf(responses, span, 500)).toEqual([
      { kind: { version: '1.0.0', failed: false }, counts: [1, 0, 0, 1] },
      { kind: { version: '1.1.0', failed: false }, counts: [0, 1, 0, 0] },
      { kind: { version: '1.1.0', failed: true }, counts: [0, 1, 0, 0] },
      { kind: { nobody: 'before' }, counts: [1, 0, 0, 0] },
    ]);
  });

  test('nothing is drawn twice and nothing within the span is left out', () => {
    const any = fc.record({
      at: fc.integer({ min: 0, max: 4000 }),
      version: fc.constantFrom(undefined, '1.0.0', '1.1.0'),
      status: fc.constantFrom(0, 200, 500, 503),
    });
    fc.assert(
      fc.property(fc.array(any), fc.constantFrom(100, 250, 500), (some, binMs) => {
        const within = some.filter(({ at }) => at >= span.from && at < span.to);
        const drawn = seriesOf(
          some.map(({ at, version, status }) => answer(at, version, status)),
          span,
          binMs,
        );
        expect(drawn.flatMap(({ counts }) => counts).reduce((a, b) => a + b, 0)).toBe(within.length);
      }),
    );
  });
});

test('no label stands in the way of another label, or of a line that passes', () => {
  const any = fc.array(fc.record({ at: fc.nat(300), label: fc.constantFrom('50 %', '1.1.0 100 %', 'rolled back') }), { maxLength: 12 });
  fc.assert(
    fc.property(any, (some) => {
      const { placed } = labelRows(
        some.map(({ at, label }): Mark => ({ at, label, kind: 'shift' })),
        (at) => at,
      );
      for (const [index, { mark, row }] of placed.entries()) {
        const end = mark.at + mark.label.length * 6.4;
        for (const later of placed.slice(index + 1)) {
          if (later.mark.at < end) expect(later.row).toBeLessThan(row);
        }
      }
    }),
  );
});

test('an axis begins at 0, reaches what is to be shown, and has even steps', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 2, max: 6 }), (most, steps) => {
      const scale = niceScale(most, steps);
      expect(scale[0]).toBe(0);
      expect(Math.max(...scale)).toBeGreaterThanOrEqual(most);
      expect(scale.length - 1).toBeLessThanOrEqual(steps);
    }),
  );
});

describe('waits for people', () => {
  const seconds = (at: number) => new Date(at * 1000).toISOString();
  const event = (what: string, at: number, environment = 'Production') => ({ what, at: seconds(at), environment, who: '', detail: {} });
  const waits = (...audit: ReturnType<typeof event>[]) => waitsIn({ release: { audit } as never, ended: 9_000 }, 'Production');

  test('last from when they were asked until they had agreed, at the firebreak and at the go/no-go', () => {
    expect(
      waits(event('FirebreakOpened', 1), event('DecisionRecorded', 2), event('FirebreakPassed', 3), event('GoNoGoOpened', 5), event('GoNoGoPassed', 6)),
    ).toEqual([
      { label: 'firebreak', from: 1000, to: 3000 },
      { label: 'go/no-go', from: 5000, to: 6000 },
    ]);
  });

  test('of another environment are not shown, and a refused one lasts until the release ended', () => {
    expect(waits(event('FirebreakOpened', 1, 'Preproduction'), event('GoNoGoOpened', 4), event('GateRefused', 5))).toEqual([
      { label: 'go/no-go', from: 4000, to: 9000 },
    ]);
  });

  test('are cut off where a close look ends', () => {
    const svg = waitsOf([{ label: 'firebreak', from: 0, to: 1500 }], { from: 1000, to: 2000 }, { x: (at) => at - 1000, top: 0, bottom: 9 });
    expect(svg).toContain('<rect x="0.0" y="0" width="500.0" height="9"');
  });
});

describe('the picture', () => {
  const mark: Mark = { at: 1500, kind: 'alarm', label: 'alarm' };
  const panel: PanelData = { title: 'Production', responses: [answer(1100, '1.1.0'), answer(1600, '1.2.0', 500)], marks: [mark], waits: [], large: true };
  const draw = (more: Partial<PanelData> = {}, title = 'Three releases') =>
    drawPicture({ title, subtitle: 'as users saw them', span: { from: 1000, to: 3000 }, panels: [{ ...panel, ...more }] });

  test('says what it shows: title, axes, a legend for each kind of answer, what happened', () => {
    const svg = draw();
    for (const words of [
      'Three releases',
      'as users saw them',
      'Production',
      'responses per second',
      'seconds since the traffic began',
      '1.1.0',
      '1.2.0, its own errors',
      'alarm',
    ]) {
      expect(svg).toContain(`>${words}</text>`);
    }
  });

  test('explains the bands of waits where there are some, and draws them behind the answers', () => {
    const svg = draw({ waits: [{ label: 'firebreak', from: 1200, to: 1400 }] });
    for (const words of ['firebreak', 'waits for people']) expect(svg).toContain(`>${words}</text>`);
    expect(svg.lastIndexOf('fill="#F3EAD3"')).toBeLessThan(svg.indexOf('<path d="M'));
    expect(draw()).not.toContain('waits for people');
  });

  test('errors are hatched: colour alone is not for everybody', () => {
    expect(draw()).toMatch(/<path d="M[^"]+" fill="url\(#hatch\)"\/>/);
    expect(draw({ responses: [answer(1100, '1.1.0')] })).not.toMatch(/<path d="M[^"]+" fill="url\(#hatch\)"/);
  });

  test('a close look leaves out what happened at other times', () => {
    const svg = draw({ closeUp: { span: { from: 1550, to: 2000 }, binMs: 50 } });
    expect(svg).not.toContain('>alarm</text>');
    expect(svg).not.toContain('>1.1.0</text>');
    expect(draw({ waits: [{ label: 'firebreak', from: 1200, to: 1400 }], closeUp: { span: { from: 1550, to: 2000 }, binMs: 50 } })).not.toContain(
      '>firebreak</text>',
    );
  });

  test('words are words, whatever they contain', () => {
    expect(draw({}, 'R&D <b>')).toContain('>R&#38;D &#60;b&#62;</text>');
  });
});
