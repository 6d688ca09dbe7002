package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/api"
	"parley/internal/ruling"
)

// acts prints the catalogue.
func (t *terminal) acts() *cobra.Command {
	return &cobra.Command{
		Use:   "acts [ACT]",
		Short: "List what there is to do, or the fields of one act",
		Long: `List every act there is, with the rule of procedure that says who is entitled
to it; or, with the name of an act, what there is to fill in.`,
		Example: "  parley acts\n  parley acts speak",
		Args:    t.args(0, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			list := api.Catalogue(t.book, "")
			if len(args) == 0 {
				return t.listActs(list)
			}
			for _, a := range list.Acts {
				if a.Act == args[0] {
					return t.showAct(a)
				}
			}
			return ruling.No(ruling.Absent, 0, "no-such-act", "Act", args[0])
		},
	}
}

func (t *terminal) listActs(list api.Acts) error {
	if t.json {
		return t.show(list)
	}
	for _, a := range list.Acts {
		fmt.Fprintf(t.out, "%-26s %s. %s.\n", a.Act, a.Says, t.line("cli.rule", "Rule", a.Rule))
	}
	return nil
}

func (t *terminal) showAct(a api.Act) error {
	if t.json {
		return t.show(a)
	}
	fmt.Fprintf(t.out, "%s: %s. %s.\n", a.Act, a.Says, t.line("cli.rule", "Rule", a.Rule))
	for _, f := range a.Fields {
		kind := f.Kind
		if len(f.Choices) > 0 {
			kind = strings.Join(f.Choices, "|")
		}
		more := ""
		switch {
		case f.Newcomer:
			more = t.line("cli.field-newcomer")
		case f.Optional:
			more = t.line("cli.field-optional")
		}
		fmt.Fprintf(t.out, "  %-14s %s. %s. %s\n", f.Field, f.Says, kind, more)
	}
	return nil
}
