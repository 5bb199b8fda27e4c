// Decodes header values as mail programs on Node do: a list in JSON on stdin, what they say on stdout.
const decoder = require(process.argv[2]);
const { text } = require("stream/consumers");

text(process.stdin).then((given) => {
  const unfolded = JSON.parse(given).map((value) => value.replace(/\r\n(?=[ \t])/g, ""));
  process.stdout.write(JSON.stringify(unfolded.map((value) => decoder.decodeWords(value))));
});
