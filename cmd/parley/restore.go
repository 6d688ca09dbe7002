package main

import (
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"parley/internal/ruling"
)

// restore makes a house of a backup.
func (t *terminal) restore() *cobra.Command {
	var data, from string
	c := &cobra.Command{
		Use:   "restore --from BACKUP --data NEWDIR",
		Short: "Make a house of a backup, and check it",
		Long: `Make a house of a backup: copy it into a new directory and check every record.
The backup stays as it is. A house that is there is never written over: move it
away first, and keep it until you are sure.

What was entered after the backup is missing from the restored house. Whoever
holds a receipt for such an entry can prove that it was there; tell the parties.`,
		Example: "  parley restore --from /mnt/stick/house-2025-05-16 --data house",
		Args:    t.noArgs,
	}
	c.Flags().StringVar(&from, "from", "", "the `directory` with the backup")
	c.Flags().StringVar(&data, "data", "", "the new `directory`")
	c.RunE = func(c *cobra.Command, _ []string) error {
		switch {
		case from == "":
			return no(ruling.Invalid, "cli.needs-from")
		case data == "":
			return no(ruling.Invalid, "cli.needs-data")
		}
		if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
			return no(ruling.Absent, "cli.no-file", "File", from)
		}
		h, err := t.open(from, opening{readOnly: true})
		if err != nil {
			return err
		}
		defer h.close()
		return t.copyHouse(c.Context(), h, data)
	}
	return c
}
