package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"parley/internal/bargain"
	"parley/internal/ruling"
	"parley/internal/scenario"
)

// analyse says which packages nobody can improve on, and proves it.
func (t *terminal) analyse() *cobra.Command {
	var r reading
	var want wanted
	var draft, svg, png, bars, cert string
	var uncertain float64
	var rows int
	c := &cobra.Command{
		Use:   "analyse FILE|FOLDER…",
		Short: "Find the packages that nobody can improve on, with proof",
		Long: `Read what is on the table and what it is worth to each party, and say:

  - whether there is a package that all can accept, and if not, why not;
  - which packages stand out, by four measures of what is fair, each proved best;
  - all packages that nobody can improve on without loss to somebody else;
  - what would improve the draft, in the fewest issues, with nobody worse off;
  - which issues to trade for which, and what hangs on how sure the weights are.

Give one scenario: a file of Parley's own (YAML, JSON), a CSV table, or the files
or the folder of GENIUS, GeniusWeb, NegoLog or NegMAS. Where a folder holds
variants of the parties' profiles, --profiles says which ones meet. A package
called "draft" in the file is the draft; --draft gives another.

Two parties: every package nobody can improve on is listed, however many packages
there are. Three and more: all up to 20,000; beyond, a few that stand for them,
proved to miss nothing by more than 5 % of what is at stake for anyone (10 % with
four parties, 20 % with more). --cover, --within and --all ask otherwise.

Nothing is cut off in silence. Every answer says whether it is proved and, if
not, how far from the best it can be at most. Ctrl-C ends a long run with the
best found so far; the exit code is then 130.

What the words mean, and where other tools mean something else by the same
words: docs/analysis-definitions.md.`,
		Example: `  parley analyse boatyard.yaml
  parley analyse boatyard.yaml --draft 'price=240; handover=may' --svg boatyard.svg
  parley analyse profiles/ --profiles buyer.xml,seller.xml --json
  parley analyse fishing.yaml --cover 2% --certificate fishing.proof`,
		Args: t.args(1, -1),
	}
	f := c.Flags()
	r.flags(c)
	f.StringVar(&draft, "draft", "", "the draft: the `name` of a package in the file, or 'issue=option; issue=option; …'")
	f.Var((*share)(&want.cover), "cover", "a few packages that stand for all, missing nothing by more than this `share` of what is at stake, such as 2%")
	f.Var((*share)(&want.within), "within", "all packages that leave everybody at least all but this `share` of the gain in the first package, such as 5%")
	f.BoolVar(&want.exact, "all", false, "three and more parties: all packages nobody can improve on, however long it takes")
	f.BoolVar(&want.peers, "peers", false, "also what GENIUS, NegoLog and NegMAS mean by the same words")
	f.BoolVar(&want.winner, "adjusted-winner", false, "two parties: also divide the issues by Adjusted Winner, one of them in part")
	f.Float64Var(&uncertain, "uncertain", 10, "how far the weights may be off, in per `cent` of each")
	f.IntVar(&want.draws, "draws", 200, "how many times to draw weights that far off; 0: leave that out")
	f.Uint64Var(&want.seed, "seed", 1, "the draws follow from this `number`")
	f.IntVar(&rows, "rows", 10, "how many `rows` of a list to print")
	f.StringVar(&svg, "svg", "", "draw the packages into this new `file`")
	f.StringVar(&png, "png", "", "the same as PNG")
	f.StringVar(&bars, "bars", "", "draw what hangs on uncertain weights into this new `file` (.svg or .png)")
	f.StringVar(&cert, "certificate", "", "write the proofs into this new `file`; it holds everybody's worths")
	c.RunE = func(c *cobra.Command, args []string) error {
		want.uncertain = int64(uncertain*10 + 0.5)
		if err := t.sensible(want, rows, uncertain); err != nil {
			return err
		}
		for _, file := range []string{svg, png, bars, cert} {
			if _, err := os.Lstat(file); file != "" && !errors.Is(err, fs.ErrNotExist) {
				return no(ruling.OutOfOrder, "cli.file-exists", "File", file)
			}
		}
		q, err := t.inquire(r, args, draft, want)
		if err != nil {
			return err
		}
		end := t.watch(q)
		err = q.examine(c.Context())
		end()
		if err != nil {
			return refused(err)
		}
		if err := t.answer(q, rows); err != nil {
			return err
		}
		err = t.drawAll(q, svg, png, bars)
		if err == nil && cert != "" {
			err = t.certify(c.Context(), q, cert)
		}
		if err == nil && q.a.Interrupted {
			err = stoppedEarly{}
		}
		return err
	}
	return c
}

// stoppedEarly ends a run that was interrupted after it had told all it knew.
type stoppedEarly struct{}

func (stoppedEarly) Error() string { return "interrupted" }

// exitInterrupted is the exit code of a run that was interrupted and told what
// it had found, as shells have it for whatever ends at Ctrl-C.
const exitInterrupted = 130

func (t *terminal) sensible(want wanted, rows int, uncertain float64) error {
	switch {
	case want.cover > 0 && want.within > 0 || want.exact && want.cover+want.within > 0:
		return no(ruling.Invalid, "cli.analysis-one-of")
	case rows < 1:
		return no(ruling.Invalid, "cli.analysis-rows")
	case want.draws < 0 || want.draws > 1_000_000:
		return no(ruling.Invalid, "cli.analysis-draws")
	case want.draws > 0 && !(uncertain >= 0.1 && uncertain < 100):
		return no(ruling.Invalid, "cli.analysis-uncertain")
	}
	return nil
}

// A share is a flag between 0 and 1, written 0.02 or 2%.
type share float64

func (s *share) String() string { return trimmed(float64(*s)) }
func (s *share) Type() string   { return "share" }

func (s *share) Set(text string) error {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v > 0 && v < 1) {
		return errors.New("it is no share between 0 and 1; write 0.02 or 2%")
	}
	*s = share(v)
	return nil
}

// trimmed writes a share or a distance as a plain decimal.
func trimmed(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// A reading is how scenario files are to be read.
type reading struct {
	profiles []string
	grid     int
}

func (r *reading) flags(c *cobra.Command) {
	c.Flags().StringSliceVar(&r.profiles, "profiles", nil, "which profiles of a folder meet: their `names` or numbers, with commas")
	c.Flags().IntVar(&r.grid, "grid", scenario.DefaultGrid, "how many `values` to read an issue of real numbers as")
}

// anywhere is the file system as whoever types paths knows it: absolute ones
// and ".." too, which os.DirFS does not have.
type anywhere struct{}

func (anywhere) Open(name string) (fs.File, error) { return os.Open(filepath.FromSlash(name)) }

// read reads one scenario.
func (r reading) read(args []string) (*scenario.Scenario, []scenario.Warning, error) {
	names := make([]string, len(args))
	for i, a := range args {
		names[i] = path.Clean(filepath.ToSlash(a))
		if _, err := os.Stat(a); errors.Is(err, fs.ErrNotExist) {
			return nil, nil, no(ruling.Absent, "cli.no-file", "File", a)
		}
	}
	read := scenario.Reader{Grid: r.grid}.Read
	if len(r.profiles) > 0 {
		if len(names) != 1 {
			return nil, nil, no(ruling.Invalid, "cli.analysis-profiles-of-one")
		}
		chosen, err := r.choose(names[0])
		if err != nil {
			return nil, nil, err
		}
		names = chosen
	}
	s, ws, err := read(anywhere{}, names...)
	return s, ws, refused(err)
}

// choose finds the profiles that were named, by name or by their number in the
// list of variants.
func (r reading) choose(folder string) ([]string, error) {
	var list []string
	var v *scenario.Variants
	if _, _, err := (scenario.Reader{Grid: r.grid}).Read(anywhere{}, folder); errors.As(err, &v) {
		list = v.Profiles
	}
	var chosen []string
	for _, p := range r.profiles {
		p = strings.TrimSpace(p)
		if n, err := strconv.Atoi(p); err == nil && list != nil {
			if n < 1 || n > len(list) {
				return nil, no(ruling.Invalid, "cli.analysis-no-such-number", "Given", p, "Many", strconv.Itoa(len(list)))
			}
			chosen = append(chosen, list[n-1])
			continue
		}
		name := path.Join(folder, p)
		if _, err := os.Stat(filepath.FromSlash(name)); err != nil {
			return nil, no(ruling.Absent, "cli.analysis-no-such-profile", "Given", p, "Folder", folder)
		}
		chosen = append(chosen, name)
	}
	return chosen, nil
}

// refused turns what readers and the engine refuse into refusals with an exit
// code. Their sentences name the place and what to do, and stand as they are.
func refused(err error) error {
	var fault *scenario.Fault
	var variants *scenario.Variants
	var refusal *bargain.Refusal
	switch {
	case errors.As(err, &variants):
		var list strings.Builder
		for i, p := range variants.Profiles {
			fmt.Fprintf(&list, "\n  %3d  %s", i+1, visible(path.Base(p)))
		}
		return no(ruling.Invalid, "cli.analysis-variants", "Folder", phraseWords(variants.Folder), "Many", strconv.Itoa(len(variants.Profiles)),
			"Most", strconv.Itoa(bargain.MaxParties), "List", list.String())
	case errors.As(err, &fault):
		return no(ruling.Invalid, "cli.analysis-fault", "Place", phraseWords(fault.Place.String()), "Why", sentence(fault.Text))
	case errors.As(err, &refusal):
		return no(ruling.Invalid, "cli.analysis-refused", "Why", sentence(refusal.Why))
	}
	return err
}

// visible shows text from a file without what could command a terminal.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '�'
		}
		return r
	}, text)
}

// sentence ends a text as one.
func sentence(text string) string {
	text = strings.TrimRight(visible(text), " \n")
	if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") {
		text += "."
	}
	return text
}

// inquire reads a scenario and prepares the questions.
func (t *terminal) inquire(r reading, args []string, draft string, want wanted) (*inquiry, error) {
	s, ws, err := r.read(args)
	if err != nil {
		return nil, err
	}
	q := &inquiry{s: s, want: want, on: func(string) {}}
	q.a = &analysis{Parley: "analysis/1", Title: s.Template.Title, Format: string(s.Format), Packages: s.Size().String(),
		Warnings: []warningFound{}, Solutions: []solutionFound{}}
	if q.a.Title == "" {
		q.a.Title = s.Template.ID
	}
	if err := q.takeDraft(draft); err != nil {
		return nil, err
	}
	q.condense()
	p, more, err := q.s.Compile()
	if err != nil {
		return nil, refused(err)
	}
	q.p = p
	for _, w := range append(ws, more...) {
		place := w.Place.String()
		if w.Place == (scenario.Place{}) {
			place = path.Clean(filepath.ToSlash(args[0]))
		}
		q.a.Warnings = append(q.a.Warnings, warningFound{place, w.Text})
		if !t.json {
			t.remark("cli.analysis-warning", "Place", phraseWords(place), "Why", sentence(w.Text))
		}
	}
	for _, y := range q.s.Template.Parties {
		f := partyFound{ID: y.ID, Name: y.Name}
		if sc, ok := q.s.Scoring(y.ID); ok {
			f.Reservation = sc.Reservation
		}
		q.a.Parties = append(q.a.Parties, f)
	}
	for _, is := range q.s.Template.Issues {
		f := issueFound{ID: is.ID, Label: is.Label}
		for _, o := range is.Options {
			f.Options = append(f.Options, o.ID)
		}
		q.a.Issues = append(q.a.Issues, f)
	}
	return q, nil
}

// condense merges options that nobody can tell apart, where every package has
// to be looked at by itself.
func (q *inquiry) condense() {
	if len(q.s.Rectangles) == 0 {
		return
	}
	c, of := q.s.Condense()
	if c.Size().Cmp(q.s.Size()) == 0 {
		return
	}
	for i, o := range q.draft {
		for k, group := range of[i] {
			for _, member := range group {
				if member == int(o) {
					q.draft[i] = uint16(k)
				}
			}
		}
	}
	q.s, q.a.Merged = c, c.Size().String()
}

// takeDraft finds the draft: the one that was typed, or the file's own.
func (q *inquiry) takeDraft(typed string) error {
	if typed == "" {
		if d, ok := q.s.Draft(); ok {
			q.draft = append(q.draft, d...)
		}
		return nil
	}
	for _, d := range q.s.Deals {
		if d.ID == typed {
			q.draft = append(q.draft, d.Deal...)
			return nil
		}
	}
	if !strings.Contains(typed, "=") {
		return no(ruling.Invalid, "cli.analysis-no-such-draft", "Given", typed)
	}
	var picks []bargain.Pick
	for part := range strings.SplitSeq(typed, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		issue, option, ok := strings.Cut(part, "=")
		if !ok {
			return no(ruling.Invalid, "cli.analysis-pick-shape", "Given", part)
		}
		pick := bargain.Pick{Issue: strings.TrimSpace(issue), Option: strings.TrimSpace(option)}
		if _, _, err := q.s.Template.Find(pick); err != nil {
			return no(ruling.Invalid, "cli.analysis-refused", "Why", sentence(err.Error()))
		}
		picks = append(picks, pick)
	}
	d, err := q.s.Template.Deal(picks...)
	if err != nil {
		return no(ruling.Invalid, "cli.analysis-refused", "Why", sentence(err.Error()))
	}
	q.draft = d
	return nil
}

// watch shows on a terminal which question is being asked, how far it has come
// and between which bounds the answer lies.
func (t *terminal) watch(q *inquiry) (end func()) {
	asked := ""
	show := func(bargain.Progress) {}
	end = func() {}
	if f, ok := t.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		bar := progressbar.NewOptions64(-1, progressbar.OptionSetWriter(io.Writer(f)), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetDescription(t.line("cli.analysis-asking", "What", "")), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(false))
		show = func(p bargain.Progress) {
			what := asked
			if p.Upper > 0 && p.Lower > 0 && p.Upper < 1e300 {
				what += fmt.Sprintf(" %.5g–%.5g", p.Lower, p.Upper)
			}
			bar.Describe(t.line("cli.analysis-asking", "What", what))
			if p.Total > 0 {
				bar.ChangeMax64(p.Total)
				_ = bar.Set64(p.Done)
			} else {
				_ = bar.Add(1)
			}
		}
		end = func() { _ = bar.Finish() }
	}
	q.on = func(what string) {
		asked = what
		show(bargain.Progress{})
	}
	q.o.OnProgress = func(p bargain.Progress) {
		if p.Phase == "enumerate" {
			q.a.Seen = p.Done
		}
		show(p)
	}
	return end
}
