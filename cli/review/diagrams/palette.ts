/** What a state is on: fill, frame and the colour of the ways there. Told apart by their frames and words too, not by colour alone. */
export const LOOKS = {
  happy: { fill: '#e6f4ea', frame: '#0b5a2b', width: 2.2 },
  stop: { fill: '#fff4d6', frame: '#7a5200', width: 1.2 },
  rollBack: { fill: '#fde8e6', frame: '#8c1c13', width: 1.2 },
  safetyNet: { fill: '#ece6f5', frame: '#4b2a7b', width: 1.2 },
  other: { fill: '#f3f5f7', frame: '#4a5560', width: 1.2 },
} as const;
export type Look = keyof typeof LOOKS;
