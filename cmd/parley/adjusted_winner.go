package main

import (
	"context"
	"slices"

	"parley/internal/bargain"
	"parley/internal/ruling"
)

// askWinner divides the issues by Adjusted Winner, as if each could be settled
// in part. Of every issue a party's points are what it gains when the issue is
// settled as it likes best rather than as the other does; they are brought to
// 100 in all, as the procedure asks. Issues that both like best settled alike
// are not contested and are settled so.
func (q *inquiry) askWinner(context.Context) error {
	if len(q.s.Template.Parties) != 2 || !q.additive() || len(q.s.Template.Rules) > 0 || q.paired() {
		return no(ruling.Invalid, "cli.analysis-winner-needs")
	}
	f := &winnerFound{Settled: []pickFound{}, Awards: []awardFound{}, split: -1}
	q.a.Winner = f
	var items []string
	var points [2][]bargain.Number
	for i, is := range q.s.Template.Issues {
		mine, yours := q.liking(0, i), q.liking(1, i)
		if both := slices.IndexFunc(mine.best, func(o int) bool { return slices.Contains(yours.best, o) }); both >= 0 {
			f.Settled = append(f.Settled, pickFound{is.ID, is.Options[mine.best[both]].ID})
			continue
		}
		items = append(items, is.ID)
		points[0] = append(points[0], mine.top.Sub(mine.most(yours.best)))
		points[1] = append(points[1], yours.top.Sub(yours.most(mine.best)))
	}
	if len(items) == 0 {
		return nil
	}
	hundred(points[0])
	hundred(points[1])
	w, err := bargain.AdjustedWinner(items, points[0], points[1])
	if err != nil {
		return err
	}
	f.Points, f.split = w.Points, w.Split
	for i, x := range w.Awards {
		f.Awards = append(f.Awards, awardFound{x.Item, [2]bargain.Number{points[0][i], points[1][i]}, x.First})
	}
	return nil
}

func (q *inquiry) paired() bool {
	return slices.ContainsFunc(q.s.Scorings, func(s bargain.Scoring) bool { return len(s.Pairs) > 0 })
}

// hundred brings points to 100 in all.
func hundred(points []bargain.Number) {
	var sum bargain.Number
	for _, p := range points {
		sum = sum.Add(p)
	}
	for i, p := range points {
		points[i] = p.Mul(bargain.Whole(100)).Quo(sum) // positive: every contested issue brings something
	}
}

// A liking is what the options of one issue bring to one party.
type liking struct {
	brings []bargain.Number
	best   []int // the options that bring most
	top    bargain.Number
}

func (q *inquiry) liking(party, issue int) liking {
	is := q.s.Template.Issues[issue]
	s, _ := q.s.Scoring(q.s.Template.Parties[party].ID)
	weight, given := s.Weights[is.ID]
	if !given {
		weight = bargain.Whole(1)
	}
	var l liking
	for o, opt := range is.Options {
		v := weight.Mul(s.Values[is.ID][opt.ID])
		l.brings = append(l.brings, v)
		if o == 0 || v.Cmp(l.top) > 0 {
			l.top, l.best = v, nil
		}
		if v.Equal(l.top) {
			l.best = append(l.best, o)
		}
	}
	return l
}

// most is the most that any of these options brings.
func (l liking) most(options []int) bargain.Number {
	most := l.brings[options[0]]
	for _, o := range options[1:] {
		if l.brings[o].Cmp(most) > 0 {
			most = l.brings[o]
		}
	}
	return most
}
