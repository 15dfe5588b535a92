/// The look of every page, light and dark by the system's choice.
enum Stylesheet {
    static let source: HTML = """
        :root {
          --ground: #f6f7f9; --card: #ffffff; --ink: #1b2330; --quiet: #647084; --line: #e2e6ec; --accent: #2f5bea;
          --running: #2f5bea; --succeeded: #14804a; --failed: #c02b35; --timedout: #b35c00; --aborted: #647084;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #11151c; --card: #1a202a; --ink: #e6eaf0; --quiet: #93a0b4; --line: #2a3240; --accent: #8aa5ff;
            --running: #8aa5ff; --succeeded: #54c98b; --failed: #ff7b83; --timedout: #f0a95c; --aborted: #93a0b4;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        main, header { max-width: 72rem; margin: 0 auto; padding: 0 1.5rem; }
        header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; padding-top: 2rem; }
        h1 { font-size: 1.6rem; margin: 0; letter-spacing: -.02em; }
        h2 { font-size: 1rem; margin: 0 0 .75rem; }
        p { margin: .25rem 0; }
        a { color: var(--accent); }
        .quiet { color: var(--quiet); }
        .grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem; margin: 1.5rem 0; }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem; }
        section.card { margin: 1rem 0; overflow-x: auto; }
        .figure { font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
        .label { color: var(--quiet); font-size: .85rem; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th { text-align: left; font-weight: 500; color: var(--quiet); font-size: .85rem; }
        th, td { padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--line); vertical-align: top; }
        thead th { border-top: 0; }
        td.number, th.number { text-align: right; }
        td.name { word-break: break-word; min-width: 10rem; }
        .status { display: inline-block; font-size: .8rem; font-weight: 600; white-space: nowrap; }
        .status::before { content: ""; display: inline-block; width: .55rem; height: .55rem; border-radius: 50%;
          background: currentColor; margin-right: .4rem; }
        .RUNNING { color: var(--running); } .SUCCEEDED { color: var(--succeeded); } .FAILED { color: var(--failed); }
        .TIMED_OUT { color: var(--timedout); } .ABORTED { color: var(--aborted); }
        code, pre { font: .85rem/1.6 ui-monospace, monospace; }
        pre { margin: .25rem 0 1rem; padding: .75rem 1rem; background: var(--ground); border-radius: .5rem; overflow-x: auto; }
        footer { max-width: 72rem; margin: 2rem auto; padding: 0 1.5rem; color: var(--quiet); font-size: .85rem; }
        """
}
