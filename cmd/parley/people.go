package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// people lists who may come in.
func (t *terminal) people() *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "people --data DIR",
		Short: "List who may come in, by id and name",
		Long: `List everybody who has been enrolled: id, name, and the talks they were named
in. Where they sit stands on the record of those talks. This works beside a
running server.`,
		Args: t.noArgs,
	}
	c.Flags().StringVar(&data, "data", "", "the house's `directory`")
	c.RunE = func(c *cobra.Command, _ []string) error {
		h, err := t.open(data, opening{readOnly: true})
		if err != nil {
			return err
		}
		defer h.close()
		people, err := h.door.People(c.Context())
		if err != nil {
			return err
		}
		for _, p := range people {
			if t.json {
				err = t.show(struct {
					Person string   `json:"person"`
					Name   string   `json:"name"`
					Talks  []string `json:"talks"`
				}{string(p.ID), p.Name, append([]string{}, p.Talks...)})
			} else {
				_, err = fmt.Fprintf(t.out, "%s  %s  (%s)\n", p.ID, p.Name, strings.Join(p.Talks, ", "))
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return c
}
