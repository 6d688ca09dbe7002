package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/bargain"
	"parley/internal/certificate"
	"parley/internal/phrasebook"
	"parley/internal/ruling"
)

// certificate works on proofs of analyses.
func (t *terminal) certificate() *cobra.Command {
	c := &cobra.Command{
		Use:   "certificate",
		Short: "Check the proofs of an analysis, without the engine that found them",
		Args:  t.noArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(t.certificateVerify())
	return c
}

func (t *terminal) certificateVerify() *cobra.Command {
	var r reading
	c := &cobra.Command{
		Use:   "verify CERTIFICATE [FILE|FOLDER…]",
		Short: "Check every proof in a certificate",
		Long: `Check every proof in a certificate that “parley analyse --certificate” wrote, in
whole numbers only and without the engine that found the packages.

A certificate carries the numbers it speaks of. Give the scenario as well, and
they are compared: only then is it proved of your scenario. Without it, the
proofs are shown to be true of the numbers in the certificate.

If a proof is false, or cannot be checked in the time a check may take, it says
which and ends with exit code 1.`,
		Example: "  parley certificate verify boatyard.proof boatyard.yaml",
		Args:    t.args(1, -1),
	}
	r.flags(c)
	c.RunE = func(c *cobra.Command, args []string) error { return t.verifyCertificate(c.Context(), r, args) }
	return c
}

// A proved is a certificate's file: the tables, and the proofs about them.
type proved struct {
	Parley  string        `json:"parley"` // certificateForm
	Title   string        `json:"title"`
	Parties []provedParty `json:"parties"`
	Issues  []issueFound  `json:"issues"`
	Tables  []provedTable `json:"tables"`
	Proofs  []provedClaim `json:"proofs"`
}

const certificateForm = "certificate/1"

type provedParty struct {
	ID   string `json:"id"`
	Unit int64  `json:"unit"` // gains in the tables are in units of 1/unit
}

// Gains in a table are counted from what the parties accept at least, or from
// the draft.
type provedTable struct {
	From   string    `json:"from"` // "reservation" or "draft"
	Draft  []string  `json:"draft,omitempty"`
	Offset []int64   `json:"offset"`
	Values [][]int64 `json:"values"` // by issue: option after option, each with one value a party
}

type provedClaim struct {
	Name  string             `json:"name"` // what the analysis calls it; nothing rests on it
	Table int                `json:"table"`
	Proof *certificate.Proof `json:"proof"`
}

func (p provedTable) tables(parties int) *certificate.Tables {
	return &certificate.Tables{Parties: parties, Offset: p.Offset, Values: p.Values}
}

// certify writes the proofs of an analysis, after the independent checker has
// accepted each of them.
func (t *terminal) certify(ctx context.Context, q *inquiry, file string) error {
	tables := q.p.Tables()
	if tables == nil {
		return no(ruling.Invalid, "cli.certificate-none")
	}
	f := proved{Parley: certificateForm, Title: q.a.Title, Issues: q.a.Issues, Proofs: []provedClaim{}}
	for i, p := range q.s.Template.Parties {
		f.Parties = append(f.Parties, provedParty{p.ID, q.p.Denominator(i)})
	}
	f.Tables = append(f.Tables, provedTable{From: "reservation", Offset: tables.Offset, Values: tables.Values})
	add := func(name string, table int, g *bargain.Guarantee) {
		if g != nil && g.Proof != nil {
			f.Proofs = append(f.Proofs, provedClaim{name, table, g.Proof})
		}
	}
	if z := q.a.Zone; z != nil {
		add("zone", 0, z.proof)
	}
	for _, s := range q.a.Solutions {
		add(s.Name, 0, s.proof)
	}
	if d := q.a.Draft; d != nil {
		offset := make([]int64, len(f.Parties))
		for i, u := range d.Package.point.Utilities {
			offset[i] = -u
		}
		f.Tables = append(f.Tables, provedTable{From: "draft", Draft: d.Package.Options, Offset: offset, Values: tables.Values})
		add("draft", 1, d.proof)
	}
	if ctx.Err() != nil {
		ctx = context.WithoutCancel(ctx) // what was found by the interrupt is still worth checking, and that is short
	}
	for _, c := range f.Proofs {
		if err := certificate.Verify(ctx, f.Tables[c.Table].tables(len(f.Parties)), c.Proof, 0); err != nil {
			return falsity(c.Name, err)
		}
	}
	err := t.writeNew(file, func(w io.Writer) error { return json.NewEncoder(w).Encode(f) })
	if err == nil && !t.json {
		t.remark("cli.certificate-written", "File", phraseWords(file), "Count", len(f.Proofs))
	}
	return err
}

// mostCertificate bounds what is read of a certificate.
const mostCertificate = 64 << 20

func readCertificate(file string) (*proved, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, no(ruling.Absent, "cli.no-file", "File", file)
	}
	defer in.Close()
	d := json.NewDecoder(io.LimitReader(in, mostCertificate))
	d.DisallowUnknownFields()
	f := &proved{}
	if err := d.Decode(f); err != nil {
		return nil, no(ruling.Invalid, "cli.certificate-unreadable", "File", file, "Why", sentence(err.Error()))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, no(ruling.Invalid, "cli.certificate-unreadable", "File", file, "Why", "something follows it.")
	}
	if why := f.unfit(); why != "" {
		return nil, no(ruling.Invalid, "cli.certificate-unreadable", "File", file, "Why", why)
	}
	return f, nil
}

// unfit says why the parts of a certificate do not belong together.
func (f *proved) unfit() string {
	switch {
	case f.Parley != certificateForm:
		return "it is not of the form " + certificateForm + "."
	case len(f.Proofs) == 0:
		return "it holds no proof."
	case slices.ContainsFunc(f.Parties, func(p provedParty) bool { return p.Unit < 1 }):
		return "a party's unit is not positive."
	}
	for _, c := range f.Proofs {
		if c.Table < 0 || c.Table >= len(f.Tables) || c.Proof == nil {
			return "a proof speaks of a table that is not there."
		}
	}
	for _, t := range f.Tables {
		if len(t.Values) != len(f.Issues) {
			return "a table speaks of other issues."
		}
		for i, vs := range t.Values {
			if len(vs) != len(f.Issues[i].Options)*len(f.Parties) {
				return "a table speaks of other options or parties."
			}
		}
		if t.From != "reservation" && t.From != "draft" {
			return "it is not said from where gains are counted."
		}
	}
	return ""
}

// checkedProof is what is told of one proof.
type checkedProof struct {
	Claim   string   `json:"claim"`
	Exact   bool     `json:"exact"`
	Options []string `json:"options,omitempty"`
	Gains   []string `json:"gains,omitempty"`
	Ours    bool     `json:"of_the_scenario"` // its numbers were compared with the scenario's
}

func (t *terminal) verifyCertificate(ctx context.Context, r reading, args []string) error {
	f, err := readCertificate(args[0])
	if err != nil {
		return err
	}
	ours := len(args) > 1
	if ours {
		if err := t.compare(f, r, args[1:]); err != nil {
			return err
		}
	}
	for _, c := range f.Proofs {
		table := f.Tables[c.Table].tables(len(f.Parties))
		if err := certificate.Verify(ctx, table, c.Proof, 0); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return falsity(visible(args[0]+", "+c.Name), err)
		}
		if err := t.tellProof(f, c, ours); err != nil {
			return err
		}
	}
	if t.json {
		return nil
	}
	if ours {
		t.say("cli.certificate-true", "Count", len(f.Proofs))
	} else {
		t.say("cli.certificate-by-itself", "Count", len(f.Proofs))
	}
	return nil
}

// compare refuses a certificate whose numbers are not the scenario's.
func (t *terminal) compare(f *proved, r reading, files []string) error {
	q, err := t.inquire(r, files, "", wanted{})
	if err != nil {
		return err
	}
	differs := func(what string) error {
		return no(ruling.Fault, "cli.false", "What", "certificate", "Why", "it speaks of other "+what+" than the scenario")
	}
	tables := q.p.Tables()
	if tables == nil {
		return no(ruling.Invalid, "cli.certificate-none")
	}
	if len(f.Parties) != len(q.a.Parties) || len(f.Issues) != len(q.a.Issues) {
		return differs("parties or issues")
	}
	for i, p := range f.Parties {
		if p.ID != q.a.Parties[i].ID || p.Unit != q.p.Denominator(i) {
			return differs("parties or units")
		}
	}
	for i, is := range f.Issues {
		if is.ID != q.a.Issues[i].ID || !slices.Equal(is.Options, q.a.Issues[i].Options) {
			return differs("issues or options")
		}
	}
	for _, table := range f.Tables {
		offset := tables.Offset
		if table.From == "draft" {
			if offset, err = q.draftOffset(table.Draft); err != nil {
				return differs("drafts")
			}
		}
		if !slices.Equal(table.Offset, offset) || !slices.EqualFunc(table.Values, tables.Values, slices.Equal) {
			return differs("numbers")
		}
	}
	return nil
}

// draftOffset counts gains from the draft that a certificate names.
func (q *inquiry) draftOffset(options []string) ([]int64, error) {
	var picks []bargain.Pick
	for i, o := range options[:min(len(options), len(q.a.Issues))] {
		picks = append(picks, bargain.Pick{Issue: q.a.Issues[i].ID, Option: o})
	}
	d, err := q.s.Template.Deal(picks...)
	if err != nil {
		return nil, err
	}
	x, err := q.p.Score(d)
	if err != nil {
		return nil, err
	}
	return less(make([]int64, len(x.Utilities)), x.Utilities), nil
}

// tellProof says what a proof proves, from the question in it and not from
// the name it goes by.
func (t *terminal) tellProof(f *proved, c provedClaim, ours bool) error {
	table, p := f.Tables[c.Table], c.Proof
	x := checkedProof{Claim: f.claim(p, table), Exact: p.Exact, Ours: ours}
	gains := slices.Clone(table.Offset)
	for i, o := range p.Deal {
		x.Options = append(x.Options, f.Issues[i].Options[o])
		for q := range gains {
			gains[q] += table.Values[i][int(o)*len(gains)+q]
		}
	}
	for q, g := range gains {
		if p.Deal != nil {
			x.Gains = append(x.Gains, bargain.Ratio(g, f.Parties[q].Unit).String())
		}
	}
	if t.json {
		return t.show(x)
	}
	said, from := phrasebook.Term("cli.claim-"+x.Claim), phrasebook.Term("cli.claim-from-"+table.From)
	if p.Deal == nil {
		t.say("cli.certificate-none-better", "Claim", said, "From", from)
		return nil
	}
	var deal, who []string
	for i, o := range x.Options {
		deal = append(deal, f.Issues[i].ID+"="+o)
	}
	for q, g := range x.Gains {
		who = append(who, f.Parties[q].ID+" "+g)
	}
	key := "cli.certificate-best"
	if !p.Exact {
		key = "cli.certificate-bounded"
	}
	t.say(key, "Claim", said, "From", from, "Package", phraseWords(strings.Join(deal, "; ")), "Gains", phraseWords(strings.Join(who, ", ")))
	return nil
}

// claim names the question that a proof answers.
func (f *proved) claim(p *certificate.Proof, table provedTable) string {
	q := p.Question
	same := func(ws []int64) bool { return !slices.ContainsFunc(ws, func(w int64) bool { return w != ws[0] }) }
	switch {
	case q.Aim == certificate.Product && same(q.Weights):
		return "product"
	case q.Aim == certificate.Product:
		return "some-product"
	case q.Aim == certificate.Least && len(p.Scales) > 0:
		return "shares"
	case q.Aim == certificate.Least && f.own(q.Scale):
		if p.Exact && f.leastGain(p, table) < 0 {
			return "no-zone"
		}
		return "least"
	case q.Aim == certificate.Least:
		return "some-least"
	case f.onOwnScales(q.Weights):
		return "sum"
	}
	return "some-sum"
}

// own says whether gains are measured on the parties' own scales.
func (f *proved) own(scale []int64) bool {
	for i, p := range f.Parties {
		if scale[i] != p.Unit {
			return false
		}
	}
	return true
}

// onOwnScales says whether weights on units count the parties' own scales
// alike: weight times unit is the same for all.
func (f *proved) onOwnScales(weights []int64) bool {
	first := bargain.Whole(weights[0]).Mul(bargain.Whole(f.Parties[0].Unit))
	for i, p := range f.Parties {
		if !bargain.Whole(weights[i]).Mul(bargain.Whole(p.Unit)).Equal(first) {
			return false
		}
	}
	return true
}

func (f *proved) leastGain(p *certificate.Proof, table provedTable) int64 {
	gains := slices.Clone(table.Offset)
	for i, o := range p.Deal {
		for q := range gains {
			gains[q] += table.Values[i][int(o)*len(gains)+q]
		}
	}
	return slices.Min(gains)
}
