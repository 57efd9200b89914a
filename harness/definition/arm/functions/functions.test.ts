import { describe, expect, it } from "vitest";

import { valueOf } from "../test-support/evaluate.ts";

const parts = {
  variables: {
    list: ["one", "two", "three"],
    numbers: [3, 1, 2],
    settings: { b: 2, A: 1, nested: { x: 1, y: [1, 2] } },
    dogs: [
      { name: "Evie", age: 5 },
      { name: "Casper", age: 3 },
      { name: "Kira", age: 8 },
    ],
    nothing: null,
  },
};

function check(expression: string, expected: unknown): void {
  expect(valueOf(`[${expression}]`, parts)).toEqual(expected);
}

describe("texts", () => {
  it.each<[string, unknown]>([
    ["concat('a', 'b', 1)", "ab1"],
    ["concat(variables('list'), createArray('four'))", ["one", "two", "three", "four"]],
    ["format('{0}-{1}', 'a', 2)", "a-2"],
    ["format('{{{0}}}', 'a')", "{a}"],
    ["format('{0:D4}|{0:X2}|{0:N0}|{0,6}|{0,-6}|', 1234)", "1234|4D2|1,234|  1234|1234  |"],
    ["format('{0:000}', 7)", "007"],
    ["format('{0}', true())", "True"],
    ["format('{0}', variables('settings'))", '{"b":2,"A":1,"nested":{"x":1,"y":[1,2]}}'],
    ["format('it''s {0}', format('{0}!', 'deep'))", "it's deep!"],
    ["toLower('AbC')", "abc"],
    ["toUpper('AbC')", "ABC"],
    ["trim('  a b ')", "a b"],
    ["replace('123-123', '23', '$&')", "1$&-1$&"],
    ["split('a,b;c', ',')", ["a", "b;c"]],
    ["split('a,b;c', createArray(',', ';'))", ["a", "b", "c"]],
    ["join(createArray('a', 'b', 3), '-')", "a-b-3"],
    ["substring('one two', 4)", "two"],
    ["substring('one two', 0, 3)", "one"],
    ["padLeft('7', 3, '0')", "007"],
    ["padLeft(7, 3)", "  7"],
    ["startsWith('abcdef', 'AB')", true],
    ["endsWith('abcdef', 'F')", true],
    ["endsWith('abcdef', 'e')", false],
    ["indexOf('test', 'T')", 0],
    ["lastIndexOf('test', 'T')", 3],
    ["indexOf('test', 'x')", -1],
    ["uniqueString('hello', 'world')", "a7wkljktk6wne"],
    ["base64('one, two, three')", "b25lLCB0d28sIHRocmVl"],
    ["base64ToString('b25lLCB0d28sIHRocmVl')", "one, two, three"],
    ["base64ToJson(base64('{\"a\": [1]}'))", { a: [1] }],
    ["uri('http://contoso.org/firstpath/', 'myscript.sh')", "http://contoso.org/firstpath/myscript.sh"],
    [
      "uri('http://contoso.org/firstpath/azuredeploy.json', 'myscript.sh')",
      "http://contoso.org/firstpath/myscript.sh",
    ],
    ["uriComponent('http://a b?c=(d)')", "http%3A%2F%2Fa%20b%3Fc%3D%28d%29"],
    ["uriComponentToString('a%20b')", "a b"],
    ["dataUri('Hello')", "data:text/plain;charset=utf8;base64,SGVsbG8="],
    ["dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", "Hello, World!"],
  ])("%s", check);
});

describe("arrays and objects", () => {
  it.each<[string, unknown]>([
    ["contains('OneTwo', 'one')", false],
    ["contains('OneTwo', 'Two')", true],
    ["contains(variables('settings'), 'B')", true],
    ["contains(variables('list'), 'two')", true],
    ["contains(variables('numbers'), '1')", false],
    ["length(variables('list'))", 3],
    ["length('abcd')", 4],
    ["length(variables('settings'))", 3],
    ["empty('')", true],
    ["empty(createArray())", true],
    ["empty(createObject())", true],
    ["empty(null())", true],
    ["empty('a')", false],
    ["first(variables('list'))", "one"],
    ["last(variables('list'))", "three"],
    ["first('abc')", "a"],
    ["last('abc')", "c"],
    ["take(variables('list'), 2)", ["one", "two"]],
    ["take('abc', 5)", "abc"],
    ["skip(variables('list'), 2)", ["three"]],
    ["skip('abc', 1)", "bc"],
    ["union(createArray('a', 'b'), createArray('b', 'c'))", ["a", "b", "c"]],
    [
      "union(variables('settings'), createObject('B', 3, 'nested', createObject('z', 1)))",
      { b: 3, A: 1, nested: { x: 1, y: [1, 2], z: 1 } },
    ],
    ["intersection(createArray(1, 2, 3), createArray(3, 2))", [2, 3]],
    ["intersection(createObject('a', 1, 'b', 2), createObject('a', 1, 'b', 3))", { a: 1 }],
    ["createObject('a', 1, 'list', createArray(1))", { a: 1, list: [1] }],
    ["array('a')", ["a"]],
    ["array(variables('list'))", ["one", "two", "three"]],
    ["range(5, 3)", [5, 6, 7]],
    [
      "items(createObject('b', 1, 'a', 2))",
      [
        { key: "a", value: 2 },
        { key: "b", value: 1 },
      ],
    ],
    ["objectKeys(createObject('b', 1, 'a', 2))", ["b", "a"]],
    [
      "shallowMerge(createArray(createObject('a', createObject('x', 1)), createObject('a', createObject('y', 2))))",
      { a: { y: 2 } },
    ],
    ["flatten(createArray(createArray(1, 2), createArray(3)))", [1, 2, 3]],
    ["tryGet(variables('settings'), 'nested', 'y', 1)", 2],
    ["tryGet(variables('settings'), 'missing', 'y')", null],
    ["indexOf(variables('list'), 'two')", 1],
    ["indexOf(variables('list'), 'TWO')", -1],
  ])("%s", check);
});

describe("lambdas", () => {
  it.each<[string, unknown]>([
    ["map(variables('dogs'), lambda('dog', lambdaVariables('dog').name))", ["Evie", "Casper", "Kira"]],
    [
      "map(variables('list'), lambda('it', 'i', format('{0}{1}', lambdaVariables('i'), lambdaVariables('it'))))",
      ["0one", "1two", "2three"],
    ],
    ["filter(variables('numbers'), lambda('n', greater(lambdaVariables('n'), 1)))", [3, 2]],
    [
      "reduce(variables('numbers'), 10, lambda('sum', 'n', add(lambdaVariables('sum'), lambdaVariables('n'))))",
      16,
    ],
    [
      "sort(variables('numbers'), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))",
      [1, 2, 3],
    ],
    [
      "toObject(variables('dogs'), lambda('d', lambdaVariables('d').name), lambda('d', lambdaVariables('d').age))",
      { Evie: 5, Casper: 3, Kira: 8 },
    ],
    [
      "groupBy(createArray('a', 'bb', 'c'), lambda('t', string(length(lambdaVariables('t')))))",
      { 1: ["a", "c"], 2: ["bb"] },
    ],
    ["mapValues(createObject('a', 1), lambda('v', add(lambdaVariables('v'), 1)))", { a: 2 }],
    [
      "map(createArray(1, 2), lambda('x', map(createArray(10), lambda('y', add(lambdaVariables('x'), lambdaVariables('y'))))))",
      [[11], [12]],
    ],
  ])("%s", check);
});

describe("numbers, conversions and logic", () => {
  it.each<[string, unknown]>([
    ["add(5, 3)", 8],
    ["sub(5, 8)", -3],
    ["mul(5, 3)", 15],
    ["div(-8, 3)", -2],
    ["mod(-8, 3)", -2],
    ["min(variables('numbers'))", 1],
    ["max(4, 9, 2)", 9],
    ["equals('a', 'A')", false],
    ["equals(1, '1')", false],
    ["equals(createObject('a', 1, 'b', 2), createObject('b', 2, 'a', 1))", true],
    ["less('a', 'b')", true],
    ["lessOrEquals(2, 2)", true],
    ["greater(2, 2)", false],
    ["greaterOrEquals(2, 2)", true],
    ["not(false())", true],
    ["and(true(), false(), div(1, 0))", false],
    ["or(true(), div(1, 0))", true],
    ["and(true(), true())", true],
    ["or(false(), false())", false],
    ["if(true(), 'yes', div(1, 0))", "yes"],
    ["if(equals(1, 2), div(1, 0), 'no')", "no"],
    ["coalesce(null(), variables('nothing'), 'x')", "x"],
    ["coalesce(null())", null],
    ["int('12')", 12],
    ["string(12)", "12"],
    ["string(true())", "True"],
    ["string(createArray(true(), 'a'))", '[true,"a"]'],
    ["bool('TRUE')", true],
    ["bool(0)", false],
    ["json('{\"a\": null}')", { a: null }],
    ["json('null')", null],
    ["TOLOWER('A')", "a"],
  ])("%s", check);
});

describe("access", () => {
  it.each<[string, unknown]>([
    ["variables('settings').nested.y[1]", 2],
    ["variables('settings')['nested']['x']", 1],
    ["variables('SETTINGS').a", 1],
    ["variables('list')[sub(2, 1)]", "two"],
    ["variables('settings').?missing.deeper[0]", null],
    ["variables('list')[?7]", null],
    ["coalesce(variables('nothing').?x, 'none')", "none"],
    [
      "variables('settings').missing",
      expect.stringContaining('asks for the property "missing", which the object has not'),
    ],
    ["variables('settings').neste", expect.stringContaining('Did you mean "nested"?')],
    ["variables('list')[3]", expect.stringContaining("asks an array for 3")],
    ["variables('nothing').x", expect.stringContaining('asks null for "x"')],
  ])("%s", check);
});

describe("what Azure would refuse", () => {
  it.each<[string, string]>([
    ["nope('a')", "calls nope(), which is no function of a template"],
    ["toLowwer('a')", 'Did you mean "tolower"?'],
    ["toLower(1)", "wants a text as argument 1, found 1"],
    ["toLower()", "has too few arguments"],
    ["substring('abc', 2, 5)", "wants 5 letters from position 2 on, but the text has 3"],
    ["div(1, 0)", "divides by zero"],
    ["int('x')", "wants a whole number"],
    ["json('{')", "was given no JSON"],
    ["range(0, 10001)", "makes at most 10000 numbers"],
    ["format('{1}', 'a')", 'has "{1}" in its text but 1 further arguments'],
    ["format('{', 'a')", 'has a single "{" in its text'],
    [
      "resourceId('Microsoft.Web/sites', 'a', 'b')",
      "has 2 names for the 1 parts of the type Microsoft.Web/sites",
    ],
    ["copyIndex()", "stands in no copy loop"],
    ["lambdaVariables('x')", "names no variable of a lambda"],
    ["map(createArray(1), 'x')", "wants a lambda as argument 2"],
    ["utcNow()", "can stand in a parameter's defaultValue only"],
    ["parameters('siteNme')", "refers to parameters('siteNme'), which the template does not declare"],
    ["fail('no region')", "fails by its own fail(): no region"],
  ])("%s", (expression, expected) => {
    expect(valueOf(`[${expression}]`, parts)).toContain(expected);
  });
});
