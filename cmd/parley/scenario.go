package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/ruling"
	"parley/internal/scenario"
)

// scenario works on the files that an analysis starts from.
func (t *terminal) scenario() *cobra.Command {
	c := &cobra.Command{
		Use:   "scenario",
		Short: "Check and convert scenario files: what is on the table and its worth",
		Args:  t.noArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(t.scenarioCheck(), t.scenarioConvert())
	return c
}

func (t *terminal) scenarioCheck() *cobra.Command {
	var r reading
	c := &cobra.Command{
		Use:   "check FILE|FOLDER…",
		Short: "Say whether a scenario can be read and analysed, and what is odd about it",
		Long: `Read a scenario and bring it into the engine, without asking it anything. What
the files leave open, contradict or get wrong is said with its place and how it
was read; what cannot be read is refused in one sentence.

A scenario with oddities can still be analysed: the exit code is 0. What the
formats are is in docs/formats.md.`,
		Example: "  parley scenario check boatyard.yaml\n  parley scenario check domain/ --json",
		Args:    t.args(1, -1),
	}
	r.flags(c)
	c.RunE = func(_ *cobra.Command, args []string) error {
		q, err := t.inquire(r, args, "", wanted{})
		if err != nil {
			return err
		}
		if t.json {
			return t.show(struct {
				Parley   string         `json:"parley"`
				Title    string         `json:"title"`
				Format   string         `json:"format"`
				Parties  []partyFound   `json:"parties"`
				Issues   []issueFound   `json:"issues"`
				Packages string         `json:"packages"`
				Warnings []warningFound `json:"warnings"`
			}{"scenario-check/1", q.a.Title, q.a.Format, q.a.Parties, q.a.Issues, q.a.Packages, q.a.Warnings})
		}
		(&teller{t: t, q: q, a: q.a}).checked()
		return nil
	}
	return c
}

// checked says what was read.
func (w *teller) checked() {
	w.head()
	w.say(0, "cli.scenario-checked", "Format", w.a.Format, "Count", len(w.a.Warnings))
	_, _ = io.WriteString(w.t.out, w.b.String())
}

func (t *terminal) scenarioConvert() *cobra.Command {
	var r reading
	var to, as string
	c := &cobra.Command{
		Use:   "convert FILE|FOLDER… --to FILE|DIR",
		Short: "Write a scenario in another form, every number exactly",
		Long: `Write a scenario as

  yaml, json  Parley's own form, which holds everything
  csv         one table for a spreadsheet, which holds worths and nothing else
  genius, geniusweb, negolog
              the files of these tools, in a new directory

The form follows from the ending of --to (.yaml, .json, .csv); --as says
otherwise. Whatever the other form would hold as something else is refused, in a
sentence: what is read back has the same worth for every package.`,
		Example: `  parley scenario convert genius-folder/ --to laptop.yaml
  parley scenario convert laptop.yaml --as csv --to - > laptop.csv
  parley scenario convert laptop.yaml --as geniusweb --to laptop-files`,
		Args: t.args(1, -1),
	}
	r.flags(c)
	c.Flags().StringVar(&to, "to", "-", "the new `file or directory`; - is standard output")
	c.Flags().StringVar(&as, "as", "", "the `form`: yaml, json, csv, genius, geniusweb, negolog")
	c.RunE = func(_ *cobra.Command, args []string) error {
		form, err := formOf(as, to)
		if err != nil {
			return err
		}
		s, ws, err := r.read(args)
		if err != nil {
			return err
		}
		for _, w := range ws {
			t.remark("cli.analysis-warning", "Place", phraseWords(w.Place.String()), "Why", sentence(w.Text))
		}
		switch form {
		case scenario.YAML, scenario.JSON, scenario.CSV:
			var unable error
			err := t.writeNew(to, func(w io.Writer) error {
				unable = scenario.Write(w, form, s)
				return unable
			})
			if unable != nil {
				return refused(cannotHold(unable))
			}
			return err
		}
		return t.exportScenario(form, s, to)
	}
	return c
}

// formOf is the form to write: as named, or as the file's ending says.
func formOf(as, to string) (scenario.Format, error) {
	if as == "" {
		as = strings.TrimPrefix(strings.ToLower(filepath.Ext(to)), ".")
		if as == "yml" || to == "-" {
			as = "yaml"
		}
	}
	switch f := scenario.Format(as); f {
	case scenario.YAML, scenario.JSON, scenario.CSV, scenario.Genius, scenario.GeniusWeb, scenario.NegoLog:
		return f, nil
	}
	return "", no(ruling.Invalid, "cli.scenario-form", "Given", as)
}

// cannotHold is the refusal of a form that a scenario does not fit into.
func cannotHold(err error) error {
	return no(ruling.Invalid, "cli.scenario-cannot-hold", "Why", sentence(err.Error()))
}

// exportScenario writes the files of another tool into a new directory.
func (t *terminal) exportScenario(form scenario.Format, s *scenario.Scenario, dir string) error {
	if dir == "-" {
		return no(ruling.Invalid, "cli.scenario-needs-directory", "Form", string(form))
	}
	files, err := scenario.Export(form, s)
	if err != nil {
		return cannotHold(err)
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return no(ruling.OutOfOrder, "cli.not-empty", "Dir", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, f := range files {
		data := f.Data
		if err := t.writeNew(filepath.Join(dir, filepath.Base(f.Name)), func(w io.Writer) error {
			_, err := w.Write(data)
			return err
		}); err != nil {
			return err
		}
	}
	t.remark("cli.scenario-written", "Dir", phraseWords(dir), "Count", len(files))
	return nil
}
