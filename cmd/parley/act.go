package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/access"
	"parley/internal/api"
	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/secretariat"
	"parley/internal/talks"
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
takes the value from a file, and FIELD=@- from standard input. Of a paper that is
attached, content=@FILE takes the bytes as they are, and name is that of the file
unless you give another.

When this command has printed the entries, they are on the disk and cannot be
lost. With --json each comes with its receipt: keep it, it proves for ever that
the entry is in the record. If no answer came, say the same again under the same
--request: it is then entered once, and you get the first answer.

An act that seats a newcomer, such as accredit, enrols them and prints their
link: it works once, for 72 hours. Send it to them by a way you trust.

On a data directory (--data) you act for the person that --as names, and the
record says that it was typed at the console. The server must be stopped.`,
		Example: `  parley act lake accredit --server https://talks.example --token-file t party=kenya name="Njeri Wanjohi" as=head
  parley act lake speak text="We thank the host." kept=summary --data house --as p-1f2e3d4c
  parley act lake attach content=@map.png origin="the survey of 2019" --server https://talks.example --token-file t`,
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

// Bounds on what a file may hold, in bytes: more than the catalogue takes of a
// text, so that it refuses in its own words, and as much as a paper may have.
const (
	mostField = 1 << 20
	mostPaper = talks.MaxPaper
)

// fields reads FIELD=VALUE arguments.
func (t *terminal) fields(act string, args []string) (map[string][]string, error) {
	fields, called := map[string][]string{}, ""
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" {
			return nil, no(ruling.Invalid, "cli.field-shape", "Given", arg, "Act", act)
		}
		file, from := strings.CutPrefix(value, "@")
		var err error
		switch {
		case from && kindOf(act, name) == catalogue.File:
			called = filepath.Base(file)
			value, err = t.paper(file)
		case from:
			value, err = t.fileOrInput(file)
		}
		if err != nil {
			return nil, err
		}
		fields[name] = append(fields[name], value)
	}
	if called != "" && called != "-" && fields["name"] == nil {
		fields["name"] = []string{called}
	}
	return fields, nil
}

// kindOf is the kind of an act's field; empty where there is none, which the
// catalogue refuses in its own words.
func kindOf(act, field string) catalogue.Kind {
	spec, ok := secretariat.Acts.Spec(act)
	if !ok {
		return ""
	}
	for _, f := range spec.Fields {
		if f.Name == field {
			return f.Kind
		}
	}
	return ""
}

// paper reads a file as it is, for a field that takes its bytes in base64.
func (t *terminal) paper(file string) (string, error) {
	b, err := t.fileBytes(file, mostPaper)
	return base64.StdEncoding.EncodeToString(b), err
}

// fileOrInput reads a text from a file, or from standard input if it is "-".
func (t *terminal) fileOrInput(file string) (string, error) {
	text, err := t.fileBytes(file, mostField)
	return strings.TrimSuffix(string(text), "\n"), err
}

func (t *terminal) fileBytes(file string, most int64) ([]byte, error) {
	from := t.in
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, no(ruling.Absent, "cli.no-file", "File", file)
		}
		defer f.Close()
		from = f
	}
	b, err := io.ReadAll(io.LimitReader(from, most+1))
	if err == nil && int64(len(b)) > most {
		err = no(ruling.Invalid, "too-large")
	}
	return b, err
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
