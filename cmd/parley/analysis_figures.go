package main

import (
	"context"
	"fmt"
	"io"
	"math/big"
	"path/filepath"
	"strings"

	"parley/internal/bargain"
	"parley/internal/plot"
	"parley/internal/ruling"
)

// cloud is how many packages are looked at one by one for the background of a
// figure; where there are more, only those nobody can improve on are drawn.
const cloud = 20_000

// drawAll draws the figures that were asked for.
func (t *terminal) drawAll(q *inquiry, svg, png, bars string) error {
	if svg != "" || png != "" {
		d, err := t.figure(q)
		if err != nil {
			return no(ruling.Invalid, "cli.analysis-no-figure", "Why", sentence(err.Error()))
		}
		for file, write := range map[string]func(io.Writer) error{svg: d.SVG, png: func(w io.Writer) error { return d.PNG(w, 2) }} {
			if file == "" {
				continue
			}
			if err := t.drawn(file, write); err != nil {
				return err
			}
		}
	}
	if bars == "" {
		return nil
	}
	d, err := t.barsOf(q)
	if err != nil {
		return no(ruling.Invalid, "cli.analysis-no-figure", "Why", sentence(err.Error()))
	}
	if strings.EqualFold(filepath.Ext(bars), ".png") {
		return t.drawn(bars, func(w io.Writer) error { return d.PNG(w, 2) })
	}
	return t.drawn(bars, d.SVG)
}

// drawn writes a figure; a letter that the faces do not have is told as what
// it is, and not as a fault of ours.
func (t *terminal) drawn(file string, write func(io.Writer) error) error {
	var unable error
	err := t.writeNew(file, func(w io.Writer) error {
		unable = write(w)
		return unable
	})
	if unable != nil {
		return no(ruling.Invalid, "cli.analysis-no-figure", "Why", sentence(unable.Error()))
	}
	if err == nil && !t.json {
		t.remark("cli.analysis-written", "File", phraseWords(file))
	}
	return err
}

// figure lays out the packages: a plane for two parties, scales side by side
// for more.
func (t *terminal) figure(q *inquiry) (*plot.Drawing, error) {
	w := &teller{t: t, q: q, a: q.a}
	o := plot.Options{Title: t.line("cli.figure-title", "Title", phraseWords(q.a.Title)), Desc: t.line("cli.figure-desc", "Count", len(q.points()))}
	list := w.standings()
	if len(q.a.Parties) != 2 {
		return w.parallel(list).Draw(o)
	}
	f := plot.Frontier{X: w.axis(0, "cli.figure-accepts-right"), Y: w.axis(1, "cli.figure-accepts-above")}
	for _, x := range q.points() {
		f.Best = append(f.Best, w.at(x.point.Utilities))
	}
	if q.p.Deals().Cmp(big.NewInt(cloud)) <= 0 {
		err := q.p.Enumerate(context.Background(), func(_ bargain.Deal, u []int64) bool {
			f.Packages = append(f.Packages, w.at(u))
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	for _, x := range list {
		f.Named = append(f.Named, plot.Named{Kind: plot.Solution, Name: brief(x.by), Note: w.note(x.solution.Package), At: w.at(x.solution.Package.point.Utilities)})
	}
	if d := q.a.Draft; d != nil {
		f.Named = append(f.Named, plot.Named{Kind: plot.Draft, Name: t.line("cli.figure-draft"), Note: w.note(&d.Package), At: w.at(d.Package.point.Utilities)})
	}
	if a, b := q.a.Parties[0].Best, q.a.Parties[1].Best; a != nil && b != nil {
		f.Named = append(f.Named, plot.Named{Kind: plot.Ideal, Name: t.line("cli.figure-ideal"), At: plot.Point{X: a.Float(), Y: b.Float()}})
	}
	return f.Draw(o)
}

// points are the packages on the frontier that was found.
func (q *inquiry) points() []packageFound {
	if q.a.Frontier == nil {
		return nil
	}
	return q.a.Frontier.Points
}

// brief joins the measures a package is best by, without what stands in
// brackets behind them.
func brief(by []string) string {
	short := make([]string, len(by))
	for i, name := range by {
		short[i], _, _ = strings.Cut(name, " (")
	}
	return strings.Join(short, "; ")
}

func (w *teller) axis(i int, accepts string) plot.Axis {
	name := w.party(i)
	x := plot.Axis{Name: w.line("cli.figure-axis", "Party", phraseWords(name)), Short: name}
	if r := w.a.Parties[i].Reservation; r != nil {
		x.HasReserve, x.Reserve = true, r.Float()
		x.ReserveLabel = w.line(accepts, "Party", phraseWords(name), "Least", number(*r))
	}
	return x
}

func (w *teller) at(u []int64) plot.Point {
	return plot.Point{X: w.q.p.Utility(0, u[0]).Float(), Y: w.q.p.Utility(1, u[1]).Float()}
}

// note says a package's worths in little room.
func (w *teller) note(x *packageFound) string {
	parts := make([]string, len(x.Worth))
	for i, v := range x.Worth {
		parts[i] = shorten(w.party(i), 12) + " " + number(v)
	}
	return strings.Join(parts, " · ")
}

// faint is how many packages of a frontier a figure of many parties shows
// behind the named ones; more would be a grey area.
const faint = 2_000

func (w *teller) parallel(list []standing) plot.Parallel {
	var f plot.Parallel
	for i := range w.a.Parties {
		f.Axes = append(f.Axes, w.axis(i, "cli.figure-accepts-above"))
	}
	all := w.q.points()
	step := max(1, (len(all)+faint-1)/faint)
	for i := 0; i < len(all); i += step {
		f.Best = append(f.Best, floats(all[i].Worth))
	}
	for _, x := range list {
		f.Named = append(f.Named, plot.Line{Kind: plot.Solution, Name: brief(x.by), At: floats(x.solution.Package.Worth)})
	}
	if d := w.a.Draft; d != nil {
		f.Named = append(f.Named, plot.Line{Kind: plot.Draft, Name: w.line("cli.figure-draft"), At: floats(d.Package.Worth)})
	}
	return f
}

func floats(ns []bargain.Number) []float64 {
	out := make([]float64, len(ns))
	for i, n := range ns {
		out[i] = n.Float()
	}
	return out
}

// barsOf draws, for each issue, how often it was settled how.
func (t *terminal) barsOf(q *inquiry) (*plot.Drawing, error) {
	x := q.a.Sensitivity
	if x == nil || x.Draws == 0 {
		return nil, fmt.Errorf("there are no draws of uncertain weights to show")
	}
	w := &teller{t: t, q: q, a: q.a}
	f := plot.Bars{Unit: t.line("cli.figure-draws", "Count", x.Draws)}
	for i, s := range x.Issues {
		row := plot.Bar{Name: w.issue(i)}
		for _, o := range likeliest(s.raw) {
			row.Parts = append(row.Parts, plot.Part{Name: w.option(i, o), Share: float64(s.raw[o]) / float64(x.Draws)})
		}
		f.Rows = append(f.Rows, row)
	}
	return f.Draw(plot.Options{Title: t.line("cli.figure-bars-title", "Title", phraseWords(q.a.Title)), Desc: t.line("cli.figure-bars-desc", "Count", x.Draws)})
}
