import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Argument, Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander';
import { version } from '../../package.json';
import { claimsSizes } from '../experiment/claims-group.ts';
import { type ClaimNumber, claimNumbers } from '../theory/claim.ts';
import type { ExperimentSizes } from '../tuning/trial.ts';
import { reproductionSizes } from '../experiment/reproduction.ts';
import { type AdapterChoice, parseAdapter } from './adapter-choice.ts';
import { claimsCommand } from './claims-command.ts';
import { CommandError, type ExitCode, codeOf, exitCode, messageOf } from './command-error.ts';
import { completionScript, shells } from './completion-command.ts';
import { dataCommand } from './data-command.ts';
import { figuresCommand, parseFigureSize } from './figures-command.ts';
import { doctorCommand } from './doctor.ts';
import { shown } from './output-folder.ts';
import { pointsAction } from './points-action.ts';
import { withPoints } from './points-options.ts';
import { namesFor, presetsCommand } from './presets-command.ts';
import { reproduceCommand } from './reproduce-command.ts';
import { runCommand } from './run-command.ts';
import { schemaCommand, schemaKinds } from './schema-command.ts';
import { outliveScreen } from './screen.ts';
import { type Setting, parseSetting } from './set-option.ts';
import { sweepCommand } from './sweep-command.ts';
import { count } from './count-option.ts';
import { parseSizes } from './tune-sizes.ts';
import { tuneCommand } from './tune-command.ts';
import { verifyCommand } from './verify-command.ts';
import { paint, printable, wrap } from './text.ts';
import { emit } from './voice.ts';

const screen = outliveScreen();

const environmentHelp = `
Environment:
  CHROME_PATH, FIREFOX_PATH   the browser's program, if not the one found
  DENO_PATH                   Deno's program, if not the one on the PATH
  VK_DRIVER_FILES             Vulkan drivers to compute on without a browser
  PUPPETEER_CACHE_DIR         where downloaded browsers are kept
  HTTPS_PROXY, NO_PROXY       proxy to download a browser through
  XDG_CACHE_HOME              where "first-light tune" keeps its choices
  NO_COLOR                    set, nothing is coloured

Exit codes:
  0 all is well, 1 a fault of first-light, 2 command line or spec, 3 a file,
  4 no browser, 5 no WebGPU or too large for it, 6 diverged, 7 not written,
  8 points failed, 130 stopped`;

const program = new Command('first-light')
  .description(
    'Trains networks beside their linear models on your GPU and measures what the theory of early-time learning claims.',
  )
  .version(version)
  .addHelpText('after', environmentHelp)
  .configureHelp({
    helpWidth: Math.min(process.stdout.columns || 80, 100),
    // That an option is not given says nothing.
    optionDescription: (option) =>
      Help.prototype.optionDescription(option).replace(/ \(default: (false|\[\])\)$/, ''),
  })
  .showHelpAfterError('(add --help for what is allowed)')
  .exitOverride();

/** Numbers of claims, separated by commas. */
const claimNumbersOf = (text: string): ClaimNumber[] => {
  const known = new Map(claimNumbers.map((number) => [String(number), number]));
  const numbers = text.split(',').map((part) => known.get(part.trim()));
  if (numbers.some((number) => number === undefined)) {
    throw new InvalidArgumentError(
      `It must be numbers of claims, 1 to ${claimNumbers.length}, separated by commas.`,
    );
  }
  return [...new Set(numbers as ClaimNumber[])].sort((a, b) => a - b);
};

const adapterOf = (text: string): AdapterChoice => {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty; auto takes the GPU where it works.');
  return parseAdapter(text);
};

const folder = (text: string): string => {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty; "." is the current folder.');
  return text;
};

// What these two ask for is heard by voice.ts before the command line is read.
const forPrograms = (): Option =>
  new Option('--json', 'say everything as events, one a line, for programs (docs/scripts.md has them)');
const quiet = (): Option =>
  new Option('--quiet', 'say nothing but errors, and at the end the folder of the results').conflicts('json');

const figureSize = (text: string): { width: number; height: number } => {
  try {
    return parseFigureSize(text);
  } catch (error) {
    throw new InvalidArgumentError((error as RangeError).message);
  }
};

const fontFamily = (text: string): string => {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty; name a family of letters.');
  return text;
};

const file = (text: string): string => {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty; name a file.');
  return text;
};

const withPlace = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--runtime <name>',
        'where to compute: a browser, node or deno without one; auto: a browser if there is one',
      )
        .choices(['auto', 'browser', 'node', 'deno'])
        .default('auto'),
    )
    .addOption(
      new Option('--browser <name>', 'browser to compute in')
        .choices(['chrome', 'firefox'])
        .default('chrome'),
    )
    .option(
      '--adapter <kind>',
      'hardware (the GPU), software (the CPU), auto (the GPU where it works), or with --runtime node part of its name',
      adapterOf,
      'auto',
    )
    .option('--no-tuned', 'leave out what "first-light tune" has measured')
    .option('--verbose', 'show stack traces and what the browser or runtime writes', false)
    .addOption(forPrograms())
    .addOption(quiet());

const withPlaceAndPoints = (command: Command): Command => withPoints(withPlace(command));

const withSettings = (command: Command, what: string): Command =>
  command.option(
    '--set <field=value>',
    `change a field of the ${what}, for example data.n=500 (may be repeated)`,
    (text: string, before: Setting[]) => [...before, parseSetting(text)],
    [] as Setting[],
  );

withPlace(
  withSettings(
    program
      .command('run')
      .summary('train a network and its linear model as a spec says')
      .description(
        'Trains a network and its linear model side by side as SPEC says: a JSON file, - for standard input, or the name of a preset (see "first-light presets"). Writes result.json, records.csv, report.html and figures/.',
      )
      .argument('<spec>', 'JSON file, - or preset'),
    'spec',
  )
    .option('--seed <integer>', "the spec's seed", count(0))
    .option('--out <folder>', 'where to write (default: results/NAME, never over an earlier one)', folder)
    .option('--resume', 'go on with the run in --out where it was stopped, if it was', false)
    .option('--arrays', 'also write data, parameters and outputs as arrays/*.npy', false)
    .option('--npz', 'also write them as one file, arrays.npz', false),
)
  .addHelpText(
    'after',
    '\nExample:\n  first-light run figure-1 --set data.n=500 --set network.activation=tanh --arrays',
  )
  .action(runCommand);

withPlaceAndPoints(
  withSettings(
    program
      .command('sweep')
      .summary('run a spec whose fields are lists, ranges or formulas')
      .description(
        'Runs every point of SWEEP in order: a JSON spec (- reads it from standard input) in which fields may be lists, ranges or formulas (see docs/sweeps.md), or the name of a shipped sweep (see "first-light presets"). Writes a folder for each point, and summary.csv and summary.json with means over seeds and fitted slopes. The same command goes on where it was stopped. Ends with 8 where points failed.',
      )
      .argument('[sweep]', 'JSON file, -, or name of a sweep or preset'),
    'sweep',
  )
    .option(
      '--out <folder>',
      'where to write, and to go on in (default: results/NAME, never over something else)',
      folder,
    )
    .option('--arrays', "also write every point's data, parameters and outputs as arrays/*.npy", false),
)
  .option('--dry-run', 'only list the points and what varies; compute nothing', false)
  .addHelpText('after', "\nExample:\n  first-light sweep width --set data.d=64 --set 'seed=[0,1,2,3]'")
  .action(pointsAction('sweep', sweepCommand));

withPlaceAndPoints(
  withSettings(
    program
      .command('claims')
      .summary('measure every claim of the paper, with a report of what holds')
      .description(
        'Measures every claim of the paper, within its assumptions and outside them, or with SPEC (a spec, sweep or preset, - for one from standard input) those that apply to it. Writes claims.json, report.html and figures/, and a folder for each point. The same command goes on where it was stopped. Ends with 8 where points failed.',
      )
      .argument('[spec]', 'JSON file, -, or name of a sweep or preset'),
    'spec',
  )
    .addOption(
      new Option('--size <size>', 'small (default): minutes on a CPU; paper: for a GPU').choices(claimsSizes),
    )
    .option('--only <claims>', 'some claims by their numbers, for example 17 or 4,5', claimNumbersOf)
    .option(
      '--out <folder>',
      'where to write, and to go on in (default: claims, claims-NUMBERS with --only, claims-NAME for a spec; never over something else)',
      folder,
    )
    .option('--arrays', "also write every point's data, parameters and outputs as arrays/*.npy", false),
)
  .addHelpText('after', '\nExample:\n  first-light claims figure-1 --set data.n=500')
  .action(pointsAction('claims', claimsCommand));

withPlace(
  program
    .command('reproduce')
    .summary("redo the paper's experiment and compare it with the theory")
    .description(
      "Redoes the paper's experiment: erf and ReLU networks, first, second and both layers, and a sweep over the dimension. Writes one report.html with all figures.",
    )
    .addOption(
      new Option('--size <size>', 'small: minutes on a CPU; paper: n = 20,000, for a GPU')
        .choices(reproductionSizes)
        .default('small'),
    )
    .option('--seed <integer>', 'seed of every run', count(0), 0)
    .option('--out <folder>', 'where to write (default: reproduction, never over an earlier one)', folder),
)
  .addHelpText('after', '\nExample:\n  first-light reproduce --size paper --out figure-1')
  .action(reproduceCommand);

program
  .command('figures')
  .summary('draw the figures of a run or of claims again, as PDF, too')
  .description(
    'Draws the figures of DIR again from its result.json or claims.json, in a size and with letters of your choice; nothing is computed. Letters stay as large as they are: a smaller figure has relatively larger ones.',
  )
  .argument('<dir>', 'folder of a run, of a point of a sweep, or of claims')
  .option(
    '--figure-size <size>',
    'width, or width x height: 3.25in, 8cmx6cm, 480px (default: 480pxx330px)',
    figureSize,
  )
  .option('--font <family>', 'family of the letters, for example "Times New Roman"', fontFamily)
  .option('--pdf', 'also write PDF, which a browser prints', false)
  .option('--out <folder>', 'where to write figures/ (default: DIR)', folder)
  .addOption(
    new Option('--browser <name>', 'browser that prints PDF')
      .choices(['chrome', 'firefox'])
      .default('chrome'),
  )
  .addOption(forPrograms())
  .addOption(quiet())
  .addHelpText(
    'after',
    '\nExample:\n  first-light figures results/figure-1 --figure-size 3.25in --font "Times New Roman" --pdf',
  )
  .action(figuresCommand);

withPlace(
  program
    .command('doctor')
    .summary('say what this machine computes on, and what to change')
    .description(
      'Says which browser is used and how it was found, which adapter it offers, and in plain words what to change. Ends with 0 when runs will work.',
    ),
)
  .addHelpText('after', '\nExample:\n  first-light doctor --browser firefox')
  .action(doctorCommand);

withPlace(
  program
    .command('tune')
    .summary('measure which shader variants are fastest on this adapter')
    .description(
      'Times the variants of every matrix product on this adapter and keeps the fastest for later runs. They compute the same within the same bounds; a wrong choice costs time, nothing else.',
    )
    .option('--budget <seconds>', 'time that it may take', count(1), 60)
    .option(
      '--sizes <n,d,m>',
      'points, dimensions and width to tune for (may be repeated; default: usual ones)',
      (text: string, before: ExperimentSizes[]) => [...before, parseSizes(text)],
      [] as ExperimentSizes[],
    )
    .addOption(
      new Option('--show', 'only show what was kept').default(false).conflicts(['clear', 'sizes', 'budget']),
    )
    .addOption(
      new Option('--clear', 'only forget what was kept').default(false).conflicts(['sizes', 'budget']),
    ),
)
  .addHelpText('after', '\nExample:\n  first-light tune --sizes 20000,784,1024 --budget 120')
  .action(tuneCommand);

withPlace(
  program
    .command('verify')
    .summary('hold every program to its error bounds on this adapter')
    .description(
      'Runs every program on this adapter, with the tiles and options that it offers and sizes that fit nothing, and holds each number to its derived bound beside float64. Writes a table of what held and how much of each bound was used, to paste into an issue. Ends with 5 where something did not hold.',
    )
    .option('--only <part>', 'only programs with this in their names, for example ntk', '')
    .option('--all', 'also on a software adapter every tile of every product', false)
    .option(
      '--out <file>',
      'write to a file; as JSON, with the limits of the adapter, where its name ends in .json',
      file,
    ),
)
  .addHelpText('after', '\nExample:\n  first-light verify --browser firefox --out table.txt')
  .action(verifyCommand);

program
  .command('presets')
  .summary('list ready-made specs and sweeps, or print one as JSON')
  .description(
    'Lists the ready-made specs and sweeps; with a name, prints that one as JSON to start your own from.',
  )
  .argument('[name]', 'preset or sweep to print')
  .addOption(forPrograms())
  .addHelpText('after', '\nExample:\n  first-light presets figure-1 > my-spec.json')
  .action(presetsCommand);

program
  .command('data')
  .summary('list image data that is here and where to get it, or say what files hold')
  .description(
    'Lists the sets of images that are found on this machine, and where others come from; nothing is downloaded. With files, says what each holds: format, shape, and of labels how many there are of each class.',
  )
  .argument('[files...]', 'files to look into')
  .option('--label <column>', 'the column of a table (CSV) that has labels, by its name or number')
  .addOption(forPrograms())
  .addHelpText('after', '\nExample:\n  first-light data train-images-idx3-ubyte.gz data_batch_1.bin')
  .action(dataCommand);

program
  .command('schema')
  .summary('print the JSON Schema of specs or sweeps, for editors')
  .description(
    'Prints the JSON Schema of what "run" or "sweep" takes. An editor that finds it under "$schema" in a file completes and checks fields as they are typed.',
  )
  .addArgument(new Argument('[kind]', 'what the file is for').choices(schemaKinds).default('run'))
  .addHelpText('after', '\nExample:\n  first-light schema sweep > sweep.schema.json')
  .action(schemaCommand);

program
  .command('completion')
  .summary('print what completes commands, options and presets in your shell')
  .description(
    'Prints a script that completes commands, options, their choices and names of presets, for a first-light that is installed (npm install -g).',
  )
  .addArgument(new Argument('<shell>', 'your shell').choices(shells))
  .addHelpText('after', '\nExample:\n  first-light completion bash >> ~/.bashrc')
  .action((shell: (typeof shells)[number]) => {
    process.stdout.write(completionScript(shell, program, namesFor));
  });

program
  .command('build')
  .summary('build the app in dist/app, to be served by any static host')
  .description(
    'In a checkout, builds the app anew; an installed package has it and says where. dist/app is a folder of static files that any web server can offer.',
  )
  .addHelpText('after', '\nExample:\n  first-light build')
  .action(() => {
    // In a checkout, bin/first-light.js builds before this file is loaded: see there.
    const root = new URL('../../', import.meta.url);
    const built = existsSync(new URL('src/', root));
    const app = shown(fileURLToPath(new URL('dist/app', root)));
    console.log(
      `${built ? '' : 'This is an installed package, which came with its app built; nothing was built. '}The app is in ${app}; serve it over https:// or from localhost.`,
    );
  });

/** Tells programs, once, how it ended. */
let ended = false;
function end(code: number, error: { name: string; message: string } | null): void {
  if (!ended) emit({ event: 'end', code: code as ExitCode, error });
  ended = true;
}

function report(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) {
      ended = true; // help or the version, which were asked for as words
      return exitCode.ok;
    }
    end(exitCode.usage, { name: 'UsageError', message: error.message.replace(/^error: /, '') });
    return exitCode.usage;
  }
  const verbose = process.argv.includes('--verbose');
  const width = Math.min(process.stderr.columns || 80, 100);
  const text = printable(messageOf(error))
    .split('\n')
    .map((line, index) => wrap(index === 0 ? `error: ${line}` : line, width))
    .join('\n')
    .replace(/^error:\s/, '');
  console.error(`${paint('red', 'error:', process.stderr)} ${text}`);
  if (verbose && error instanceof Error) console.error(error.stack, error.cause ?? '');
  const code = error instanceof CommandError ? error.code : error instanceof Error ? codeOf(error) : 1;
  if (code === exitCode.unexpected && !verbose) {
    console.error('This is a fault of first-light; --verbose shows where.');
  }
  end(code, { name: error instanceof Error ? error.name : 'Error', message: messageOf(error) });
  return code;
}

/** Commands whose words on the screen are all that they make. */
const wordsOnly = ['presets', 'doctor', 'data', 'schema', 'completion', 'verify'];
process.once('exit', () => {
  if (screen.failure && wordsOnly.includes(process.argv[2])) process.exitCode ||= exitCode.output;
});
// A second Ctrl-C, for example, comes from elsewhere.
process.once('exit', (code) => end(code, null));
program.hook('preAction', (_program, command) => emit({ event: 'start', command: command.name(), version }));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
if (process.exitCode === exitCode.stopped) {
  // A download that goes on in the background is not waited for.
  process.stdout.write('', () => process.exit());
}
