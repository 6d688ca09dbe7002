package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/sqlite"
)

// backup copies a house while it is in use.
func (t *terminal) backup() *cobra.Command {
	var data, to string
	c := &cobra.Command{
		Use:   "backup --data DIR --to NEWDIR",
		Short: "Copy a house while it is in use, and check the copy",
		Long: `Copy a house into a new directory, of one moment, while people go on working in
it; then check every record of the copy. The new directory is there whole and
verified, or not at all.

The copy holds the house's secret key and everything that was said: keep it as
safe as the house. Take it back with parley restore.`,
		Example: "  parley backup --data house --to /mnt/stick/house-2025-05-16",
		Args:    t.noArgs,
	}
	c.Flags().StringVar(&data, "data", "", "the house's `directory`")
	c.Flags().StringVar(&to, "to", "", "the new `directory`")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if to == "" {
			return no(ruling.Invalid, "cli.needs-to")
		}
		h, err := t.open(data, opening{readOnly: true})
		if err != nil {
			return err
		}
		defer h.close()
		return t.copyHouse(c.Context(), h, to)
	}
	return c
}

// copyHouse copies a house into a new directory, verifies the copy, and only
// then gives the directory its name.
func (t *terminal) copyHouse(ctx context.Context, h *house, to string) (err error) {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return no(ruling.OutOfOrder, "cli.file-exists", "File", to)
	}
	partial := filepath.Clean(to) + ".partial"
	if err := os.Mkdir(partial, 0o700); errors.Is(err, fs.ErrExist) {
		return no(ruling.OutOfOrder, "cli.cut-short", "Dir", partial)
	} else if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(partial))
		}
	}()
	told, end := t.progress(to, true)
	err = h.store.Backup(ctx, filepath.Join(partial, sqlite.File), told)
	end()
	if err != nil {
		return err
	}
	if err := writeKey(partial, h.key); err != nil {
		return err
	}
	if err := t.verifyHouse(ctx, partial, nil); err != nil {
		return err
	}
	// What a reader left beside the database belongs to no house yet.
	for _, left := range []string{"-wal", "-shm"} {
		if err := os.Remove(filepath.Join(partial, sqlite.File+left)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(partial, to); err != nil {
		return err
	}
	t.remark("cli.copied", "To", phrasebook.Words(to))
	return nil
}
