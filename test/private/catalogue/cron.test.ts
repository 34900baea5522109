import { cronProblem, DAPR_CRON, isTimeZone, KEDA_CRON } from '../../../src/private/catalogue/cron';

describe('schedules that Dapr parses', () => {
  test.each([
    '* * * * *', '15 * * * * *', '0 30 * * * *', '*/5 * * * *', '0 0/5 * * * ?', '30 8 1,15 JAN-jun Mon-Fri', '0 0 31 12 0', '1-59/2 * * * *',
    '@daily', '@annually', '@every 15m', '@every 1h30m', 'TZ=Europe/Berlin 0 9 * * *', 'CRON_TZ=UTC @hourly', '  5   4 * * *  ', '5, * * * *', '+5 * * * *',
  ])('%s', (schedule) => {
    expect(cronProblem(schedule, DAPR_CRON)).toBeUndefined();
  });
});

describe('schedules that Dapr refuses, and why', () => {
  test.each([
    ['every 5 minutes', 'it has 3 of the 5 or 6 fields of a schedule such as "0 30 * * * *"'],
    ['', 'it has 0 of the 5 or 6 fields of a schedule such as "0 30 * * * *"'],
    ['* * * *', 'it has 4 of the 5 or 6 fields of a schedule such as "0 30 * * * *"'],
    ['60 * * * *', '"60" is not a minute, 0 to 59'],
    ['60 * * * * *', '"60" is not a second, 0 to 59'],
    ['0 24 * * *', '"24" is not an hour, 0 to 23'],
    ['0 0 0 * *', '"0" is not a day of the month, 1 to 31'],
    ['0 0 * 13 *', '"13" is not a month, 1 to 12'],
    ['0 0 * * 7', '"7" is not a day of the week, 0 to 6'],
    ['0 0 * * Montag', '"Montag" is not a day of the week, 0 to 6'],
    ['*/0 * * * *', '"*/0" has a step that is not a number above 0'],
    ['*/x * * * *', '"*/x" has a step that is not a number above 0'],
    ['1/2/3 * * * *', '"1/2/3" is not a minute, 0 to 59'],
    ['1-2-3 * * * *', '"1-2-3" is not a minute, 0 to 59'],
    ['30-10 * * * *', '"30-10" ends before it begins'],
    ['@evry 5m', '"@evry 5m" is not one of "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly" or "@every" with a duration'],
    ['@every 5 minutes', '"5 minutes" is not a duration such as "5m" or "1h30m"'],
    ['TZ=Mars/Base 0 9 * * *', '"Mars/Base" is not a time zone'],
  ])('%j: %s', (schedule, why) => {
    expect(cronProblem(schedule, DAPR_CRON)).toBe(why);
  });
});

describe('KEDA has five fields and nothing else', () => {
  test.each(['30 8 * * 1-5', '0 20 * * *', '*/15 * * * sun'])('parsed: %s', (schedule) => {
    expect(cronProblem(schedule, KEDA_CRON)).toBeUndefined();
  });
  test.each([
    ['0 30 8 * * 1-5', 'it has 6 of the 5 fields of a schedule such as "30 8 * * 1-5"'],
    ['@daily', 'it must have 5 fields, such as "30 8 * * 1-5"'],
  ])('refused: %s', (schedule, why) => {
    expect(cronProblem(schedule, KEDA_CRON)).toBe(why);
  });
});

test.each([['Europe/Berlin', true], ['UTC', true], ['US/Pacific', true], ['Local', true], ['', true], ['Berlin', false], ['+02:00', false], ['CEST', false]])(
  'the time zone %j is known: %s', (zone, known) => {
    expect(isTimeZone(zone)).toBe(known);
  });
