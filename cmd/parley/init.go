package main

import (
	"github.com/spf13/cobra"
)

// init founds a house.
func (t *terminal) init() *cobra.Command {
	var dir, name, mediator, talks string
	c := &cobra.Command{
		Use:   "init --data DIR",
		Short: "Make a new house: a directory with its key and its database",
		Long: `Make a new house: a directory with its secret key and its database.

The key signs every record of the house. It lies in DIR/house.key, which only
you can read; whoever has it can sign in the house's name. Give the public key,
which is printed, to the parties: with it anybody can verify what they are
shown, for ever and without you.

The house starts with one person, who may convene the first talks. parley serve
prints that person's link. There is no password, now or later.`,
		Example: `  parley init --data house --name talks.example --talks lake --mediator "Ada Lindqvist"`,
		Args:    t.noArgs,
	}
	c.Flags().StringVar(&dir, "data", "", "the new `directory`; it must be empty or not there")
	c.Flags().StringVar(&name, "name", "parley.local", "the house's `name` in all its signatures: its domain name, if it has one")
	c.Flags().StringVar(&talks, "talks", "talks", "`id` of the talks to be convened first: small letters, digits, hyphens")
	c.Flags().StringVar(&mediator, "mediator", "Mediator", "`name` of the person who will convene them")
	c.RunE = func(c *cobra.Command, _ []string) error {
		h, err := t.found(c.Context(), dir, name, mediator, talks, opening{command: "parley init"})
		if err != nil {
			return err
		}
		vkey := h.key.Verifier().String()
		if err := h.close(); err != nil {
			return err
		}
		if t.json {
			return t.show(struct {
				Data     string `json:"data"`
				Key      string `json:"key"` // public
				Talks    string `json:"talks"`
				Mediator string `json:"mediator"`
			}{dir, vkey, talks, mediator})
		}
		t.say("cli.init-done", "Dir", dir, "Key", vkey)
		t.say("cli.init-next", "Dir", dir, "Mediator", mediator, "Talks", talks)
		return nil
	}
	return c
}
