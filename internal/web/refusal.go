package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/secretariat"
)

// A refusalView is an expected no: the rule, the sentence, what to do, and the
// words that were typed, which nobody has seen.
type refusalView struct {
	*voice
	Left    string // title of the talks
	Kind    string
	Rule    string // number, empty if no rule applies
	RuleIs  string // what the rule says
	Verdict string
	Remedy  string
	Back    string
	BackTo  string
	Form    *form // to put it differently
}

// refuse answers with the page of refusal. What is not there and what is not
// the visitor's are answered with the same bytes, to everybody.
func (h *house) refuse(w http.ResponseWriter, r *http.Request, _ visit, err error) {
	if gone(r, err) {
		return
	}
	var no *refused
	if errors.As(err, &no) {
		h.refuseAct(w, r, no)
		return
	}
	verdict := ruling.Of(err)
	if verdict.Kind == ruling.Fault {
		h.Fault(err)
	}
	v := h.plain()
	p := refusalView{voice: v, Left: "parley", Verdict: sentence(v, verdict), Kind: v.say("kind." + verdict.Kind.String()),
		Remedy: remedy(v, verdict), Back: "/", BackTo: v.say("page.lobby")}
	p.ruled(h, verdict)
	if verdict.Key == "not-signed-in" || verdict.Key == "link-not-good" {
		p.Back, p.BackTo = "/sign-in", v.say("page.come-in")
	}
	h.showRefusal(w, r, verdict, p)
}

func (h *house) showRefusal(w http.ResponseWriter, r *http.Request, verdict *ruling.Refusal, p refusalView) {
	if err := h.show(w, r, verdict.Kind.Status(), refusalSheet(p)); err != nil {
		h.Fault(err)
		http.Error(w, p.Verdict, verdict.Kind.Status())
	}
}

func sentence(v *voice, no *ruling.Refusal) string {
	return v.text(phrasebook.Phrase{Key: "refusal." + no.Key, Args: no.Args}).String()
}

// remedy is what the person can do: for this refusal, or for its kind.
func remedy(v *voice, no *ruling.Refusal) string {
	if key := "page.remedy-" + no.Key; v.book.Has(key) {
		return v.say(key)
	}
	return v.say("page.remedy-kind-" + kindWord(no.Kind))
}

func kindWord(k ruling.Kind) string {
	if k == ruling.OutOfOrder {
		return "out-of-order"
	}
	return k.String()
}

func (p *refusalView) ruled(h *house, no *ruling.Refusal) {
	if no.Rule == 0 {
		return
	}
	p.Rule = strconv.Itoa(no.Rule)
	if rule, ok := h.rules.rule(no.Rule); ok {
		p.RuleIs = rule.Text
	}
}

// intoRoom is what a form needs that was sent from a room apart.
func intoRoom(s secretariat.Sight, act string, typed url.Values) desired {
	want := desired{typed: typed, fixed: map[string]string{}}
	for _, name := range []string{"in", "to"} {
		if typed.Get(name) != "" {
			want.fixed[name] = typed.Get(name)
		}
	}
	in := typed.Get("in")
	switch {
	case act == "pass-note":
		in = "notes:" + typed.Get("to")
	case in == "":
		in = roomAfter[act]
	}
	for _, k := range roomsOf(s) {
		if address(s, k) == in {
			want.room = members(s, k)
		}
	}
	return want
}

// A refused act keeps what was typed.
type refused struct {
	error
	act   string
	typed url.Values
	visit visit
}

func (e *refused) Unwrap() error { return e.error }

// refuseAct shows the form again, filled, under the refusal.
func (h *house) refuseAct(w http.ResponseWriter, r *http.Request, no *refused) {
	verdict := ruling.Of(no.error)
	var p refusalView
	err := h.look(r, no.visit, func(s secretariat.Sight) error {
		v := h.voiceAt(s)
		p = refusalView{voice: v, Left: "parley", Verdict: sentence(v, verdict), Kind: v.say("kind." + verdict.Kind.String()), Remedy: remedy(v, verdict)}
		p.Back, p.BackTo = "/talks/"+s.ID, v.say("page.back")
		if s.Talks != nil && s.Talks.Open() {
			p.Left = s.Talks.Title
			p.Back = pageAfter(s.ID, no.act, no.typed)
		}
		if s.Talks == nil {
			return nil
		}
		want := desired{typed: no.typed, leave: leaves(no.act, s)}
		if pageOf(no.act) == "room" {
			want = intoRoom(s, no.act, no.typed)
		}
		if is, _ := onText(no.act); is {
			want = intoText(s, no.act, no.typed)
		}
		if f, ok := h.form(v, s, no.act, want); ok {
			p.Form = &f
		}
		return nil
	})
	if err != nil {
		h.refuse(w, r, no.visit, ruling.Nothing())
		return
	}
	if verdict.Kind == ruling.Fault {
		h.Fault(no.error)
	}
	p.ruled(h, verdict)
	h.showRefusal(w, r, verdict, p)
}
