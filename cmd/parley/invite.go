package main

import (
	"github.com/spf13/cobra"

	"parley/internal/access"
	"parley/internal/ruling"
	"parley/internal/secretariat"
)

// invite makes a one-time link.
func (t *terminal) invite() *cobra.Command {
	var data, url, convene string
	var enrol, revoke bool
	c := &cobra.Command{
		Use:   "invite PERSON --data DIR",
		Short: "Make a new one-time link for a person",
		Long: `Make a link for a person, by id or name: for somebody whose link ran out or was
lost, or for whoever shall convene further talks. A link works once, for 72
hours, and is printed this once. The server must be stopped meanwhile.

--revoke first takes away everything else that lets the person in: do that when
a telephone or a laptop is lost.`,
		Example: `  parley invite "Njeri Wanjohi" --data house
  parley invite "Ada Lindqvist" --data house --enrol --convene shore`,
		Args: t.args(1, 1),
	}
	c.Flags().StringVar(&data, "data", "", "the house's `directory`")
	c.Flags().StringVar(&url, "url", defaultURL, "the `address` that people reach the server under")
	c.Flags().StringVar(&convene, "convene", "", "let them convene the talks of this new `id`")
	c.Flags().BoolVar(&enrol, "enrol", false, "enrol PERSON, a name, first")
	c.Flags().BoolVar(&revoke, "revoke", false, "take away their other links, logins and tokens first")
	c.RunE = func(c *cobra.Command, args []string) error {
		if convene != "" && !secretariat.ValidID(convene) {
			return ruling.No(ruling.Invalid, 1, "talks-id", "Given", convene)
		}
		h, err := t.open(data, opening{command: "parley invite"})
		if err != nil {
			return err
		}
		defer h.close()
		ctx := c.Context()
		var p access.Person
		if enrol {
			p, err = h.door.Enrol(ctx, args[0])
		} else {
			p, err = h.find(ctx, args[0])
		}
		if err == nil && revoke {
			err = h.door.RevokeAll(ctx, p.ID)
		}
		purpose := ""
		if err == nil && convene != "" {
			purpose = secretariat.ConvenePurpose(convene)
			err = h.door.Join(ctx, p.ID, convene)
		}
		if err != nil {
			return err
		}
		link, pass, err := h.door.Invite(ctx, p.ID, purpose)
		if err != nil {
			return err
		}
		return t.handOver(p, linksTo(url)(link), pass)
	}
	return c
}

// handOver prints what lets a person in, this once.
func (t *terminal) handOver(p access.Person, secret string, pass access.Pass) error {
	if t.json {
		return t.show(struct {
			Person string `json:"person"`
			Name   string `json:"name"`
			Kind   string `json:"kind"`
			Secret string `json:"secret"`
			Until  string `json:"until"`
		}{string(p.ID), p.Name, pass.Kind.String(), secret, pass.Until.Format("2006-01-02T15:04:05Z")})
	}
	t.say("cli.handed-link", "Name", p.Name, "Person", string(p.ID), "Secret", secret, "Until", pass.Until.Format("2006-01-02 15:04 UTC"))
	return nil
}
