package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/access"
	"parley/internal/api"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
)

// act submits an act.
func (t *terminal) act() *cobra.Command {
	var w whereabouts
	var request string
	c := &cobra.Command{
		Use:   "act TALKS ACT [FIELD=VALUE …]",
		Short: "Do something in talks: open a meeting, give the floor, speak, …",
		Long: `Do something in talks. parley acts lists what there is to do, and parley acts ACT
the fields to fill in. A value of more than one word goes in quotes; FIELD=@FILE
takes the value from a file, and FIELD=@- from standard input.

When this command has printed the entries, they are on the disk and cannot be
lost. With --json each comes with its receipt: keep it, it proves for ever that
the entry is in the record. If no answer came, say the same again under the same
--request: it is then entered once, and you get the first answer.

An act that seats a newcomer, such as accredit, enrols them and prints their
link: it works once, for 72 hours. Send it to them by a way you trust.

On a data directory (--data) you act for the person that --as names, and the
record says that it was typed at the console. The server must be stopped.`,
		Example: `  parley act lake accredit --server https://talks.example --token-file t party=kenya name="Njeri Wanjohi" as=head
  parley act lake speak text="We thank the host." kept=summary --data house --as p-1f2e3d4c`,
		Args: t.args(2, -1),
	}
	w.flags(c)
	c.Flags().StringVar(&request, "request", "", "an `id` under which this may be sent again; drawn by chance if left out")
	c.Flags().StringVar(&w.url, "url", defaultURL, "with --data: the `address` of the server, for links")
	c.RunE = func(c *cobra.Command, args []string) error {
		fields, err := t.fields(args[1], args[2:])
		if err != nil {
			return err
		}
		if request == "" {
			if request, err = t.draw(); err != nil {
				return err
			}
		}
		p, err := t.place(c.Context(), w, opening{command: "parley act"})
		if err != nil {
			return err
		}
		entered, err := p.enter(c.Context(), args[0], args[1], fields, request)
		if closing := p.close(); err == nil {
			err = closing
		}
		if err != nil {
			if exitOf(t.problem(err)) == ruling.Fault.Exit() {
				t.remark("cli.request-was", "Request", request)
			}
			return err
		}
		return t.entered(args[0], entered)
	}
	return c
}

const mostField = 256 << 10 // bytes; the catalogue takes no larger act

// fields reads FIELD=VALUE arguments.
func (t *terminal) fields(act string, args []string) (map[string][]string, error) {
	fields := map[string][]string{}
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" {
			return nil, no(ruling.Invalid, "cli.field-shape", "Given", arg, "Act", act)
		}
		if file, from := strings.CutPrefix(value, "@"); from {
			text, err := t.fileOrInput(file)
			if err != nil {
				return nil, err
			}
			value = text
		}
		fields[name] = append(fields[name], value)
	}
	return fields, nil
}

// fileOrInput reads a text from a file, or from standard input if it is "-".
func (t *terminal) fileOrInput(file string) (string, error) {
	from := t.in
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", no(ruling.Absent, "cli.no-file", "File", file)
		}
		defer f.Close()
		from = f
	}
	text, err := io.ReadAll(io.LimitReader(from, mostField+1))
	if err == nil && len(text) > mostField {
		err = no(ruling.Invalid, "too-large")
	}
	return strings.TrimSuffix(string(text), "\n"), err
}

// draw draws a request id.
func (t *terminal) draw() (string, error) {
	var id [12]byte
	if _, err := io.ReadFull(t.rand, id[:]); err != nil {
		return "", fmt.Errorf("drawing a request id: %w", err)
	}
	return fmt.Sprintf("%x", id), nil
}

// entered tells what came of an act.
func (t *terminal) entered(talks string, e api.Entered) error {
	if t.json {
		return t.show(e)
	}
	if e.Repeated {
		t.remark("cli.repeated")
	}
	for _, entry := range e.Entries {
		t.tell(talks, entry)
	}
	if e.Link != "" {
		t.say("cli.newcomer", "Person", phrasebook.Words(e.Person), "Link", e.Link)
	}
	return nil
}

// tell says an entry on a line: joint ones by number, others with their record.
// Entries that are not for people are left out.
func (t *terminal) tell(talks string, e api.Entry) {
	label := fmt.Sprint(e.Number)
	if short := strings.TrimPrefix(string(e.Record), talks+"/"); short != "joint" {
		label = short + " " + label
	}
	marks := ""
	if len(e.Marks) > 0 {
		marks = " [" + strings.Join(e.Marks, ", ") + "]"
	}
	switch {
	case e.Withheld():
		fmt.Fprintf(t.out, "%s  %s\n", label, t.line("event.withheld"))
	case len(e.Says) > 0:
		fmt.Fprintf(t.out, "%s  %s%s\n", label, strings.Join(e.Says, " "), marks)
	}
}

// A linker spells the address of a one-time link.
type linker func(access.Token) string

// defaultURL is where a house is reached unless the operator says otherwise.
const defaultURL = "http://localhost:8420"

func linksTo(url string) linker {
	if url == "" {
		url = defaultURL
	}
	return func(t access.Token) string { return strings.TrimSuffix(url, "/") + "/in/" + t.Text() }
}
