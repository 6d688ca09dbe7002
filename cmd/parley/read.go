package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

// read prints a record.
func (t *terminal) read() *cobra.Command {
	var w whereabouts
	var after int64
	var list bool
	c := &cobra.Command{
		Use:   "read TALKS [RECORD]",
		Short: "Read a record as you may see it",
		Long: `Read a record of talks: joint (what is said at the table), public, or the full
name of a private room's record, which --records lists. What is not for you is shown as a number that
somebody else may read; with --json you get its leaf hash as well.

On a data directory this works beside a running server. Without --as or a token
you read what the public reads.`,
		Example: `  parley read lake --server https://talks.example --token-file t
  parley read lake public --data house --after 10 --json`,
		Args: t.args(1, 2),
	}
	w.flags(c)
	c.Flags().Int64Var(&after, "after", 0, "begin after the entry of this `number`")
	c.Flags().BoolVar(&list, "records", false, "list the records that you may open, and how many entries each has")
	c.RunE = func(c *cobra.Command, args []string) error {
		p, err := t.place(c.Context(), w, opening{readOnly: true})
		if err != nil {
			return err
		}
		defer p.close()
		if list {
			return t.listRecords(c.Context(), p, args[0])
		}
		which := "joint"
		switch {
		case len(args) == 2:
			which = args[1]
		case w.as == "" && w.data != "":
			which = "public"
		}
		for e, err := range p.read(c.Context(), args[0], which, max(0, after)) {
			if err != nil {
				return err
			}
			if t.json {
				err = t.show(e)
			} else {
				t.tell(args[0], e)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return c
}

// listRecords lists the records of talks that may be opened.
func (t *terminal) listRecords(ctx context.Context, p place, talks string) error {
	list, err := p.records(ctx, talks)
	if err != nil {
		return err
	}
	if t.json {
		return t.show(list)
	}
	for _, r := range list.Records {
		fmt.Fprintf(t.out, "%s  %d\n", r.Record, r.Size)
	}
	return nil
}
