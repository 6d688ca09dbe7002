package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/internal/bargain"
	"parley/internal/phrasebook"
)

// phraseWords are names and words that a phrase must not interpret.
func phraseWords(text string) phrasebook.Words { return phrasebook.Words(visible(text)) }

// tradable says, for every two parties, which issues to trade for which.
func (w *teller) tradable() {
	if len(w.a.Trade) == 0 || len(w.a.Issues) < 2 {
		return
	}
	for n, p := range w.a.Trade {
		if n == w.rows {
			w.say(2, "cli.analysis-more-pairs", "Count", len(w.a.Trade)-n)
			break
		}
		a, b := w.partyOf(p.First), w.partyOf(p.Other)
		w.section("cli.analysis-tradable", "First", phraseWords(a), "Other", phraseWords(b))
		var contested []swingFound
		var agreed []string
		for _, x := range p.Issues {
			if x.Opposed {
				contested = append(contested, x)
			} else {
				agreed = append(agreed, together(w.issue(w.issueOf(x.Issue))))
			}
		}
		if len(agreed) > 0 {
			w.wrap(2, 2, w.line("cli.analysis-both-want", "Issues", phraseWords(strings.Join(agreed, ", "))))
		}
		w.swings(a, b, contested)
	}
}

func (w *teller) swings(a, b string, list []swingFound) {
	if len(list) == 0 {
		return
	}
	wa, wb := max(6, min(14, utf8.RuneCountInString(a))), max(6, min(14, utf8.RuneCountInString(b)))
	fmt.Fprintf(&w.b, "\n  %s  %s  %s\n", pad(shorten(a, wa), wa), pad(shorten(b, wb), wb), w.line("cli.analysis-share-of-stake"))
	for i, x := range list {
		if len(list) > w.rows && i >= (w.rows+1)/2 && i < len(list)-w.rows/2 {
			if i == (w.rows+1)/2 {
				w.b.WriteString("  " + w.line("cli.analysis-more", "Many", strconv.Itoa(len(list)-w.rows)) + "\n")
			}
			continue
		}
		fmt.Fprintf(&w.b, "  %s  %s  %s\n", pad(plain(percent(x.FirstSwing)), wa), pad(plain(percent(x.OtherSwing)), wb),
			shorten(w.issue(w.issueOf(x.Issue)), columns-6-wa-wb))
	}
	if len(list) > 1 {
		first, last := list[0], list[len(list)-1]
		w.say(2, "cli.analysis-trade-hint", "Gets", phraseWords(w.issue(w.issueOf(first.Issue))), "Gives", phraseWords(w.issue(w.issueOf(last.Issue))),
			"First", phraseWords(a), "Other", phraseWords(b))
	}
}

func plain(text string) string { return strings.ReplaceAll(text, unbroken, " ") }

func (w *teller) winner() {
	x := w.a.Winner
	if x == nil {
		return
	}
	first, other := w.party(0), w.party(1)
	w.section("cli.analysis-winner", "First", phraseWords(first), "Other", phraseWords(other))
	for _, s := range x.Settled {
		at := w.issueOf(s.Issue)
		w.wrap(2, 4, w.line("cli.analysis-winner-settled", "Issue", phraseWords(w.issue(at)), "Option", phraseWords(w.optionOf(at, s.Option))))
	}
	for _, a := range x.Awards {
		name := phraseWords(w.issue(w.issueOf(a.Issue)))
		key, who := "cli.analysis-winner-whole", first
		switch {
		case a.First.Sign() == 0:
			who = other
		case !a.First.Equal(bargain.Whole(1)):
			key = "cli.analysis-winner-part"
		}
		w.wrap(2, 4, w.line(key, "Issue", name, "Party", phraseWords(who), "Share", a.First.String(),
			"Mine", number(a.Points[0]), "Yours", number(a.Points[1])))
	}
	w.say(2, "cli.analysis-winner-points", "First", phraseWords(first), "Other", phraseWords(other), "Mine", number(x.Points[0]), "Yours", number(x.Points[1]))
}

func (w *teller) sensitivity() {
	x := w.a.Sensitivity
	if x == nil {
		return
	}
	off := strconv.FormatFloat(float64(x.PerMille)/10, 'f', -1, 64)
	w.section("cli.analysis-sensitivity", "Percent", off)
	if x.Why != "" {
		w.wrap(2, 2, w.line("cli.analysis-sensitivity-not")+" "+sentence(x.Why))
		return
	}
	w.say(2, "cli.analysis-sensitivity-same", "Same", x.Same, "Count", x.Draws)
	if x.None > 0 {
		w.say(2, "cli.analysis-sensitivity-none", "Count", x.None)
	}
	if x.Unproved > 0 || x.Limit != bargain.NoLimit {
		w.say(2, "cli.analysis-sensitivity-unproved", "Count", x.Unproved, "Limit", limitTerm(x.Limit))
	}
	open := slices.DeleteFunc(slices.Clone(x.Issues), func(s sharesFound) bool { return !s.Open })
	if len(open) == 0 {
		return
	}
	if firm := len(x.Issues) - len(open); firm > 0 {
		w.say(2, "cli.analysis-sensitivity-firm", "Count", firm)
	}
	w.say(2, "cli.analysis-sensitivity-open", "Count", len(open))
	for i, s := range open {
		if i == w.rows {
			w.b.WriteString("    " + w.line("cli.analysis-more", "Many", strconv.Itoa(len(open)-i)) + "\n")
			break
		}
		at := w.issueOf(s.Issue)
		var parts []string
		for _, o := range likeliest(s.raw) {
			parts = append(parts, together(w.option(at, o)+" "+plain(percent(float64(s.raw[o])/float64(max(1, x.Draws))))))
		}
		w.wrap(4, 6, together(w.issue(at))+": "+strings.Join(parts, ", ")+".")
	}
}

// likeliest lists the options met in any draw, the most frequent first.
func likeliest(draws []int) (options []int) {
	for o, n := range draws {
		if n > 0 {
			options = append(options, o)
		}
	}
	slices.SortStableFunc(options, func(a, b int) int { return draws[b] - draws[a] })
	return options
}

func (w *teller) peers() {
	if len(w.a.Peers) == 0 {
		return
	}
	w.section("cli.analysis-peers")
	for _, p := range w.a.Peers {
		if len(p.Points) == 0 {
			w.wrap(2, 4, string(p.Definition)+": "+w.line("cli.analysis-peer-none"))
		}
		for i, x := range p.Points {
			if i == w.rows {
				w.b.WriteString("    " + w.line("cli.analysis-more", "Many", strconv.Itoa(len(p.Points)-i)) + "\n")
				break
			}
			w.wrap(2, 4, string(p.Definition)+": "+w.worths(x)+" – "+w.deal(x.point.Deal)+".")
		}
		if p.Guarantee.Kind != bargain.Exact.String() {
			w.wrap(4, 4, w.line("cli.analysis-peer-unsure", "Limit", limitTerm(p.Guarantee.Limit)))
		}
	}
}
