package main

import (
	"time"

	"github.com/spf13/cobra"
)

// token makes a bearer token for a script.
func (t *terminal) token() *cobra.Command {
	var data, label string
	var days int
	c := &cobra.Command{
		Use:   "token PERSON --data DIR",
		Short: "Make a token with which a script acts as a person",
		Long: `Make a token for the API: whoever holds it acts as this person, everywhere. It
is printed this once; put it into a file that only its owner reads, and hand
the file to parley with --token-file. The server must be stopped meanwhile.`,
		Example: `  parley token "Njeri Wanjohi" --data house --label "minutes to the ministry" --days 30 > token`,
		Args:    t.args(1, 1),
	}
	c.Flags().StringVar(&data, "data", "", "the house's `directory`")
	c.Flags().StringVar(&label, "label", "script", "a `name` for the token, for its owner to know it by")
	c.Flags().IntVar(&days, "days", 30, "for how many `days` it is good")
	c.RunE = func(c *cobra.Command, args []string) error {
		h, err := t.open(data, opening{command: "parley token"})
		if err != nil {
			return err
		}
		defer h.close()
		p, err := h.find(c.Context(), args[0])
		if err != nil {
			return err
		}
		token, pass, err := h.door.GiveScript(c.Context(), p.ID, label, time.Duration(min(days, 3660))*24*time.Hour)
		if err != nil {
			return err
		}
		if t.json {
			return t.handOver(p, token.Text(), pass)
		}
		// The token alone goes to standard output, so that it can be sent to a file.
		t.remark("cli.handed-script", "Name", p.Name, "Person", string(p.ID), "Until", pass.Until.Format("2006-01-02 15:04 UTC"))
		_, err = t.out.Write([]byte(token.Text() + "\n"))
		return err
	}
	return c
}
