// Parley runs a mediated negotiation between parties that do not trust each
// other: from the first contact to the signed text and what follows.
//
// This command is all of it: a server of pages and API, and the same verbs for
// a terminal. main.go lists the subcommands; each has a file of its own, with
// its help first and its work last. house.go and listen.go put the program
// together by hand; place.go is where a verb works, which is a data directory
// or a server; terminal.go says what there is to say.
package main

import (
	"errors"
	"os"
	_ "time/tzdata" // talks name zones, and not every machine knows them

	"github.com/spf13/cobra"
)

func main() { os.Exit(newTerminal().run(os.Args[1:])) }

// root is the command with all its subcommands.
func (t *terminal) root() *cobra.Command {
	c := &cobra.Command{
		Use:   "parley",
		Short: "Run a mediated negotiation, and prove what was said in it",
		Long: `Parley runs a mediated negotiation between parties that do not trust each other.

New here?          parley demo
A house of yours:  parley init --data house && parley serve --data house
At the table:      parley acts, parley act, parley read
Afterwards:        parley export, parley verify, parley backup, parley restore
The numbers:       parley analyse, parley scenario, parley certificate

Verbs that work on talks take --data DIR (the house's own directory) or
--server URL with a token in a file (--token-file) or in PARLEY_TOKEN.

Exit codes: 0 done; 1 our own fault, or something that does not verify;
2 not understood; 3 not there, or not yours to know of; 4 not yours to do;
5 out of order, so wait or ask the chair; 6 the record has moved on;
130 interrupted, with what an analysis had found by then.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return t.misused(c, errors.New(t.line("cli.no-such-command", "Given", args[0])))
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.CompletionOptions.HiddenDefaultCmd = true
	c.PersistentFlags().BoolVar(&t.json, "json", false, "answer in JSON, for scripts; refusals are problem documents")
	c.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return t.misused(c, err) })
	c.AddCommand(
		t.demo(),
		t.serve(),
		t.init(),
		t.acts(),
		t.act(),
		t.read(),
		t.export(),
		t.verify(),
		t.backup(),
		t.restore(),
		t.people(),
		t.invite(),
		t.token(),
		t.analyse(),
		t.scenario(),
		t.certificate(),
		t.text(),
	)
	return c
}
