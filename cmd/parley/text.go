package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/paper"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/text"
)

// text is what a drafter does with bracketed texts in files.
func (t *terminal) text() *cobra.Command {
	c := &cobra.Command{
		Use:   "text",
		Short: "Check, print, compare and convert bracketed negotiating texts",
		Long: `Work on negotiating texts in files: bracketed text, Markdown, DOCX with brackets
or tracked changes, Akoma Ntoso and JSON. No house is needed, and none is touched.

A file is known by its name's ending (.txt .md .docx .xml .json), or by how it
begins; - is standard input. How brackets are written stands in docs/formats.md.

Sides are read and written as their keys in capitals. If they have other codes,
name them: --sides ru=RUS,ua=UKR. Who tracks changes or comments in a Word file
under a person's name is named by --author 'Olena Petrenko=ua'.`,
		Example: `  parley text check draft.docx
  parley text convert draft.docx draft.txt
  parley text convert draft.txt changes.docx --changes-from rev1.txt
  parley text readings draft.txt --side ua`,
		Args: t.noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(t.textCheck(), t.textPrint(), t.textDiff(), t.textReadings(), t.textConvert())
	return c
}

// drafting says how texts are read and written.
type drafting struct {
	from    string
	sides   map[string]string
	authors map[string]string
	partial bool
}

func (d *drafting) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&d.from, "from", "", "the `format` that is read: text, markdown, docx, akn or json")
	f.StringToStringVar(&d.sides, "sides", nil, "how sides are written in brackets, as `KEY=CODE,…`")
	f.StringToStringVar(&d.authors, "author", nil, "the side for which an author of a Word file writes, as `NAME=KEY`")
}

func (d *drafting) codes() text.Codes {
	if len(d.sides) == 0 {
		return nil
	}
	return d.sides
}

// load reads a document.
func (t *terminal) load(path string, d *drafting) (*paper.Document, error) {
	in := t.in
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, no(ruling.Absent, "cli.no-file", "File", path)
		}
		defer f.Close()
		in = f
	}
	format := paper.Format(d.from)
	if format == "" {
		format = paper.Named(path)
	}
	doc, err := paper.Reader{Codes: d.codes(), Authors: d.authors}.Read(in, format)
	if err != nil {
		return nil, no(ruling.Invalid, "cli.text-unread", "File", path, "Why", err.Error())
	}
	return doc, nil
}

// whole reads a document and refuses one of which anything is lost, after
// saying on standard error what there is to say.
func (t *terminal) whole(path string, d *drafting) (*text.Text, error) {
	doc, err := t.load(path, d)
	if err != nil {
		return nil, err
	}
	for _, line := range t.remarksOn(doc) {
		fmt.Fprintf(t.err, "%s: %s\n", path, line)
	}
	if !doc.Whole() && !d.partial {
		return nil, no(ruling.Invalid, "cli.text-not-whole", "File", path)
	}
	return doc.Text, nil
}

// remarksOn says what was not understood of a document, a line each.
func (t *terminal) remarksOn(doc *paper.Document) (lines []string) {
	for _, r := range doc.Remarks {
		lines = append(lines, r.String()+".")
	}
	for _, w := range doc.Warnings {
		lines = append(lines, t.book.Render(phrasebook.Reader{}, w.Phrase()).String())
	}
	return lines
}

// textCheck says what there is in a text, and what is wrong with it.
func (t *terminal) textCheck() *cobra.Command {
	var d drafting
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "Say what a text holds, and what in it was not understood",
		Long: `Read a text, say with line and column (or part and paragraph) what was not
understood, and count what is open. It ends with exit code 2 if words of the file
are not in the text as they were meant.`,
		Args: t.args(1, 1),
	}
	d.flags(c)
	c.RunE = func(_ *cobra.Command, args []string) error {
		doc, err := t.load(args[0], &d)
		if err != nil {
			return err
		}
		n, lines := doc.Text.Counts(), t.remarksOn(doc)
		if t.json {
			err = t.show(struct {
				Whole    bool        `json:"whole"`
				Remarks  []string    `json:"remarks"`
				Counts   text.Counts `json:"counts"`
				Readings string      `json:"readings"`
			}{doc.Whole(), append([]string{}, lines...), n, doc.Text.Count().String()})
		} else {
			for _, line := range lines {
				fmt.Fprintln(t.out, line)
			}
			t.say("cli.text-counts", "Clauses", n.Clauses, "Open", n.Open, "Brackets", n.Brackets, "Pairs", n.Pairs, "Options", n.Options, "Reserves", n.Reserves, "Words", n.Words, "Readings", doc.Text.Count().String())
		}
		if err == nil && !doc.Whole() {
			err = no(ruling.Invalid, "cli.text-not-whole", "File", args[0])
		}
		return err
	}
	return c
}

// textPrint prints a text in brackets.
func (t *terminal) textPrint() *cobra.Command {
	var d drafting
	c := &cobra.Command{
		Use:   "print FILE",
		Short: "Print a text with its brackets",
		Args:  t.args(1, 1),
	}
	d.flags(c)
	c.RunE = func(_ *cobra.Command, args []string) error {
		x, err := t.whole(args[0], &d)
		if err != nil {
			return err
		}
		_, err = io.WriteString(t.out, text.Print(x, d.codes()))
		return err
	}
	return c
}

// textDiff compares two texts word by word.
func (t *terminal) textDiff() *cobra.Command {
	var d drafting
	c := &cobra.Command{
		Use:   "diff BEFORE AFTER",
		Short: "Compare two texts, clause by clause and word by word",
		Long: `Compare two texts. Clauses are brought together by their numbers, else by their
words. Of each clause that differs it prints the number, and the words with
[-what was taken out-] and {+what was put in+}, who wants what left aside.
For a document with tracked changes say: parley text convert AFTER OUT.docx
--changes-from BEFORE.`,
		Args: t.args(2, 2),
	}
	d.flags(c)
	c.RunE = func(_ *cobra.Command, args []string) error {
		before, err := t.whole(args[0], &d)
		if err != nil {
			return err
		}
		after, err := t.whole(args[1], &d)
		if err != nil {
			return err
		}
		after = after.Align(before)
		for _, diff := range text.Diff(before, after) {
			if !diff.Same() {
				t.clauseDiff(diff, before, after)
			}
		}
		return nil
	}
	return c
}

func (t *terminal) clauseDiff(d text.ClauseDiff, before, after *text.Text) {
	label := after.Label(d.Clause)
	if d.After == nil {
		label = before.Label(d.Clause)
	}
	if t.json {
		_ = t.show(struct {
			Clause string      `json:"clause"`
			Label  string      `json:"label"`
			Moved  bool        `json:"moved"`
			Edits  []text.Edit `json:"edits"`
		}{string(d.Clause), label, d.Moved, d.Edits})
		return
	}
	var b strings.Builder
	for _, e := range d.Edits {
		switch e.Op {
		case text.Delete:
			b.WriteString("[-" + e.Words + "-]")
		case text.Insert:
			b.WriteString("{+" + e.Words + "+}")
		default:
			b.WriteString(e.Words)
		}
	}
	key := "cli.text-changed"
	switch {
	case d.Before == nil:
		key = "cli.text-added"
	case d.After == nil:
		key = "cli.text-taken-out"
	case d.Moved:
		key = "cli.text-moved"
	}
	t.say(key, "Label", phrasebook.Words(label), "Words", phrasebook.Words(b.String()))
}

// textReadings shows what a text may come to.
func (t *terminal) textReadings() *cobra.Command {
	var d drafting
	var side string
	var chair bool
	var limit int
	c := &cobra.Command{
		Use:   "readings FILE",
		Short: "Show what a text may come to: one side's reading, or all of them",
		Long: `With --side, print the text as that side would have it, in every bracket the
option it proposed or supports; with --chair, as whoever mediates would. Brackets
to which they have not spoken are named on standard error, with what was read.

Otherwise list the readings of each clause that is open, up to --limit of each.`,
		Args: t.args(1, 1),
	}
	d.flags(c)
	c.Flags().StringVar(&side, "side", "", "the `side` whose reading it is, by its key")
	c.Flags().BoolVar(&chair, "chair", false, "the reading of whoever mediates")
	c.Flags().IntVar(&limit, "limit", 20, "how many readings of a clause to list")
	c.RunE = func(_ *cobra.Command, args []string) error {
		x, err := t.whole(args[0], &d)
		switch {
		case err != nil:
			return err
		case side != "" || chair:
			return t.reading(x, side, &d)
		}
		labels := x.Labels()
		for i := range x.Clauses {
			if x.Clauses[i].Body.Open() {
				t.clauseReadings(labels[i], x.Clauses[i].Body, limit)
			}
		}
		t.say("cli.text-readings", "Count", x.Count().String())
		return nil
	}
	return c
}

// reading prints one clean reading, and says where its side is silent.
func (t *terminal) reading(x *text.Text, side string, d *drafting) error {
	r := x.ChairReading()
	if side != "" {
		r = x.Clean(strings.ToLower(side))
	}
	labels := x.Labels()
	for _, s := range r.Silent {
		at := slices.IndexFunc(x.Clauses, func(c text.Clause) bool { return c.ID == s.Clause })
		words := "no text"
		if choice, _ := x.Bracket(s.Bracket); choice != nil {
			if o := choice.Option(s.Option); o != nil && !o.None {
				words = o.Body.String()
			}
		}
		t.remark("cli.text-silent", "Label", phrasebook.Words(labels[at]), "Words", phrasebook.Words(words))
	}
	return paper.Writer{Codes: d.codes(), Mode: paper.Clean, Side: strings.ToLower(side)}.Write(t.out, x, paper.Plain)
}

func (t *terminal) clauseReadings(label string, b text.Body, limit int) {
	t.say("cli.text-clause-readings", "Label", phrasebook.Words(label), "Count", b.Count().String())
	n := 0
	for s := range b.Readings() {
		if n++; n > limit {
			fmt.Fprintln(t.out, "  …")
			break
		}
		fmt.Fprintf(t.out, "  %s\n", b.Read(s))
	}
}

// textConvert writes a text in another form.
func (t *terminal) textConvert() *cobra.Command {
	var d drafting
	var to, base, side, date string
	var clean bool
	c := &cobra.Command{
		Use:   "convert IN OUT",
		Short: "Write a text in another form: DOCX, PDF, Akoma Ntoso, Markdown, CSV, JSON",
		Long: `Write a text in another form. The form follows from the ending of OUT
(.txt .md .docx .pdf .xml .csv .json) or from --to; OUT - is standard output. A
file that is there is not written over.

What is written says nothing but the text: no author, no time, nothing hidden.
It holds every note in the text, whoever they are for, except a PDF, which holds
none, and a clean reading, which holds nothing of the negotiation.`,
		Example: `  parley text convert draft.docx draft.txt --author 'Olena Petrenko=ua'
  parley text convert rev2.txt changes.docx --changes-from rev1.txt
  parley text convert draft.txt ours.pdf --clean --side ua`,
		Args: t.args(2, 2),
	}
	d.flags(c)
	f := c.Flags()
	f.StringVar(&to, "to", "", "the `format` that is written: text, markdown, docx, pdf, akn, csv or json")
	f.StringVar(&base, "changes-from", "", "DOCX: track the changes against this earlier `file`")
	f.BoolVar(&clean, "clean", false, "a clean reading: of --side, or of whoever mediates")
	f.StringVar(&side, "side", "", "the `side` whose reading it is, by its key")
	f.StringVar(&date, "date", "", "the `date` of an Akoma Ntoso document, as 2026-11-22")
	f.BoolVar(&d.partial, "partial", false, "also if words of IN are lost; look at what is said of them")
	c.RunE = func(_ *cobra.Command, args []string) error {
		format := paper.Format(to)
		if format == "" {
			format = paper.Named(args[1])
		}
		if !slices.Contains(paper.Formats(), format) {
			return no(ruling.Invalid, "cli.text-which-format", "File", args[1])
		}
		if side != "" && !clean || clean && base != "" {
			return no(ruling.Invalid, "cli.text-one-mode")
		}
		x, err := t.whole(args[0], &d)
		if err != nil {
			return err
		}
		w := paper.Writer{Codes: d.codes(), Date: date}
		if clean {
			w.Mode, w.Side = paper.Clean, strings.ToLower(side)
		}
		if base != "" {
			w.Mode = paper.Changes
			if w.Base, err = t.whole(base, &d); err != nil {
				return err
			}
			x = x.Align(w.Base)
		}
		data, err := w.Bytes(x, format)
		if err != nil {
			return no(ruling.Invalid, "cli.text-unwritten", "Why", err.Error())
		}
		return t.writeNew(args[1], func(out io.Writer) error {
			_, err := bytes.NewReader(data).WriteTo(out)
			return err
		})
	}
	return c
}
