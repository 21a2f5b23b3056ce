import type { Argument, Command, CommanderError, Option } from 'commander';
import { didYouMean } from '../lambda/contract';

/**
 * What is wrong with a command line: what, the value, what is allowed and what to do, as everything else that `ptl` refuses.
 *
 * @param args as they were given
 */
export function misuse({ code, message }: CommanderError, program: Command, args: readonly string[]): string {
  const command = commandOf(program, args);
  const sentence = SENTENCES[code]?.({ command, message, quoted: [...message.matchAll(/'([^']*)'/g)].map(([, text = '']) => text) });
  return `${sentence ?? message.replace(/^error: /, '')}; see ${inFull(command)} --help`;
}

/**
 * What is wrong where an option that needs a value is followed by another option, which the library would take for that value: `--reason --until 2026-12-01`.
 *
 * @returns undefined when every option has its own
 */
export function forgottenValue(program: Command, args: readonly string[]): string | undefined {
  const command = commandOf(program, args);
  const options = command.options.map(({ long }) => long);
  for (const [index, arg] of args.entries()) {
    if (arg === '--') return undefined;
    const option = command.options.find(({ long, required }) => required && long === arg);
    const next = args[index + 1]?.replace(/=.*$/s, '');
    if (option === undefined || next === undefined || ![...options, '--help'].includes(next)) continue;
    return `${option.long} has no value, the option ${next} follows it; ${wanted(option)}; see ${inFull(command)} --help`;
  }
  return undefined;
}

function commandOf(program: Command, args: readonly string[]): Command {
  return program.commands.find((each) => each.name() === args.find((arg) => !arg.startsWith('-'))) ?? program;
}

/** What an option wants: a reason is a sentence, and what the option does with it is in the help. */
function wanted(option: Option): string {
  const argument = argumentOf(option);
  if (argument === '<why>' || option.long === '--reason') return `say why, in a sentence in quotes: ${option.long} "<why>"`;
  return `it takes ${argument}, ${short(option)}`;
}

interface Found {
  readonly command: Command;
  /** The library's own. */
  readonly message: string;
  /** What it names, in its order. */
  readonly quoted: readonly string[];
}

/** By the code of the library's error. */
const SENTENCES: Readonly<Record<string, (found: Found) => string | undefined>> = {
  'commander.missingArgument': ({ command, quoted: [name] }) => {
    const missing = command.registeredArguments.find((argument) => argument.name() === name);
    return missing && `${inFull(command)} needs ${shape(missing)}, and it is missing: ${short(missing)}`;
  },
  'commander.excessArguments': ({ command }) => {
    const wanted = command.registeredArguments.map(shape).join(' ') || 'none';
    const given = command.args.map((arg) => JSON.stringify(arg)).join(' ');
    return `${inFull(command)} takes ${wanted} besides its options, and got ${given}; leave the rest out, or put what has spaces in quotes`;
  },
  'commander.optionMissingArgument': ({ command, quoted: [flags] }) => {
    const option = optionOf(command, flags);
    return option && `${option.long} has no value; ${wanted(option)}`;
  },
  'commander.invalidArgument': ({ command, message, quoted: [flags] }) => {
    const option = optionOf(command, flags);
    const [, value, why] = /argument '(.*)' is invalid\. (.*?)\.?$/s.exec(message) ?? [];
    const allowed = why?.replace(/^Allowed choices are /, 'it must be one of ').replace(/^I/, 'i');
    return option && allowed && `${option.long} is ${JSON.stringify(value)}; ${allowed}`;
  },
  'commander.conflictingOption': ({ command, quoted: [one, other] }) => {
    const [first, second] = [optionOf(command, one), optionOf(command, other)];
    return first && second && `${first.long} (${short(first)}) and ${second.long} (${short(second)}) cannot be given together; leave one of the two out`;
  },
  'commander.unknownOption': ({ command, quoted: [flag = ''] }) => {
    const known = command.options.map(({ long }) => long ?? '');
    return `${inFull(command)} has no option ${JSON.stringify(flag)}${didYouMean(flag, known)}; it has ${known.join(', ')}`;
  },
  'commander.unknownCommand': ({ command, quoted: [name = ''] }) => {
    const known = command.commands.map((each) => each.name());
    return `ptl has no command ${JSON.stringify(name)}${didYouMean(name, known) || otherWord(name)}; it has ${known.join(', ')}`;
  },
};

/** What others call what a command does. */
const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  accept: ['approve', 'confirm', 'agree', 'sign-off'],
  refuse: ['reject', 'decline', 'deny'],
  resume: ['continue', 'promote', 'proceed'],
  abort: ['cancel', 'stop'],
  'roll-back': ['revert', 'undo'],
  release: ['deploy', 'submit', 'publish', 'start'],
  status: ['show', 'list', 'get'],
};

function otherWord(name: string): string {
  const [meant] = Object.entries(OTHER_WORDS).find(([, words]) => didYouMean(name, words) !== '') ?? [];
  return meant === undefined ? '' : ` (did you mean ${JSON.stringify(meant)}?)`;
}

function inFull(command: Command): string {
  return command.parent === null ? command.name() : `${command.parent.name()} ${command.name()}`;
}

function shape(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

function optionOf(command: Command, flags: string | undefined): Option | undefined {
  return command.options.find((option) => option.flags === flags);
}

/** For example `<text>`. */
function argumentOf({ flags }: Option): string {
  return /<.*>/.exec(flags)?.[0] ?? 'a value';
}

/** What it is, without its default and remarks. */
function short({ description }: Argument | Option): string {
  return description.replace(/ \(default: .*\)$/, '').replace(/; .*$/, '');
}
