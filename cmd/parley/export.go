package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"parley/internal/ruling"
)

// export writes a bundle.
func (t *terminal) export() *cobra.Command {
	var w whereabouts
	var to string
	var all bool
	c := &cobra.Command{
		Use:   "export TALKS",
		Short: "Write what you may read of talks into one file that anybody can verify",
		Long: `Write what you may read of talks into one file: a bundle. It holds every record
that you may open, whole; entries in it that are not for you are there as their
hashes alone. Anybody can check it with parley verify, without the house.

With --data and --all it is everything in the store, private rooms included:
that file is as secret as the store itself.`,
		Example: `  parley export lake --server https://talks.example --token-file t --to lake.bundle
  parley export lake --data house --all --to everything.bundle`,
		Args: t.args(1, 1),
	}
	w.flags(c)
	c.Flags().StringVar(&to, "to", "-", "the new `file`; - is standard output")
	c.Flags().BoolVar(&all, "all", false, "with --data: everything, for whoever holds the store")
	c.RunE = func(c *cobra.Command, args []string) error {
		if all && (w.data == "" || w.as != "") {
			return no(ruling.Invalid, "cli.all-is-the-operators")
		}
		p, err := t.place(c.Context(), w, opening{readOnly: true})
		if err != nil {
			return err
		}
		defer p.close()
		write := p.export
		if d, ok := p.(*directory); ok && all {
			write = d.desk.ExportAll
		}
		return t.writeNew(to, func(out io.Writer) error { return write(c.Context(), args[0], out) })
	}
	return c
}

// writeNew writes a new file, which is there whole or not at all, or standard
// output. The file is readable by its owner alone.
func (t *terminal) writeNew(path string, write func(io.Writer) error) error {
	if path == "-" {
		return write(t.out)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return no(ruling.OutOfOrder, "cli.file-exists", "File", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".parley-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // is gone once it has its name
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
