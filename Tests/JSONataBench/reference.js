// Measures the reference implementation with the cases of cases.json, as main.swift does:
//     node Tests/JSONataBench/reference.js PATH-OF-JSONATA [SECONDS]
const fs = require('fs');
const path = require('path');
const jsonata = require(path.resolve(process.argv[2]));
const seconds = Number(process.argv[3] || 1);
const order = lines => ({
  id: 'A-1001', customer: {name: 'Ada', tier: 'gold'},
  items: Array.from({length: lines}, (_, n) => ({
    sku: `item-${n % 97}`, price: n % 50, quantity: n % 7, tags: ['a', 'b'], text: `The quick brown fox ${n}`,
  })),
});
const inputs = {small: order(5), tenth: order(1000), large: order(10000), tenfold: order(100000)};
(async () => {
  for (const c of JSON.parse(fs.readFileSync(path.join(__dirname, 'cases.json')))) {
    const expression = jsonata(c.expr);
    const input = inputs[c.input];
    let count = 0;
    const time = () => { const {user, system} = process.cpuUsage(); return (user + system) / 1e6; };
    const start = time();
    let elapsed = 0;
    try {
      while (elapsed < seconds) {
        // Version 2 gives promises, version 1 gives values.
        for (let i = 0; i < (c.input === 'small' ? 1000 : 1); i++, count++) {
          const result = expression.evaluate(input, {states: {input}});
          if (result && typeof result.then === 'function') await result;
        }
        elapsed = time() - start;
      }
    } catch (error) {
      console.log(JSON.stringify({name: c.name, error: String(error.message || error)}));
      continue;
    }
    console.log(JSON.stringify({
      name: c.name, perSecond: Math.floor(count / elapsed), microseconds: Math.round(elapsed / count * 1e8) / 100,
    }));
  }
})();
