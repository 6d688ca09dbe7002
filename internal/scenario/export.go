package scenario

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"parley/internal/bargain"
)

// Export writes a scenario as the files of another tool: a domain where the tool has one, and a profile for each party,
// named after it. It refuses, in a sentence, whatever the tool would hold as something else: a number that is no decimal,
// rules, pairs, named deals, worths outside a format's bounds. What is read back has the same worth for every package.
func Export(f Format, s *Scenario) ([]File, error) {
	if len(s.Template.Rules) > 0 {
		return nil, fmt.Errorf("%s has no rules between options; write YAML or JSON", f)
	}
	for _, p := range s.Template.Parties {
		sc, ok := s.Scoring(p.ID)
		switch {
		case !ok:
			return nil, fmt.Errorf("party %q has given no worths, and %s has no profile without them", p.ID, f)
		case sc.Opaque != nil:
			return nil, fmt.Errorf("the worths of party %q are constraints over ranges, which are not written; use the files they came from", p.ID)
		case len(sc.Pairs) > 0:
			return nil, fmt.Errorf("party %q scores pairs of options, which %s cannot hold; write YAML or JSON", p.ID, f)
		case sc.Discount != nil && f != Genius:
			return nil, fmt.Errorf("party %q has a discount factor, which %s cannot hold; write GENIUS, YAML or JSON", p.ID, f)
		}
	}
	if len(s.Caps) > 0 && f != Genius {
		return nil, fmt.Errorf("%s does not cap worths; write GENIUS, YAML or JSON", f)
	}
	switch f {
	case GeniusWeb:
		return s.exportGeniusWeb()
	case NegoLog:
		return s.exportNegoLog()
	case Genius:
		return s.exportGenius()
	}
	return nil, fmt.Errorf("files are written for geniusweb, negolog and genius, not for %q", f)
}

// fileName makes a party's id fit for a file.
func fileName(id string, n int) string {
	var b strings.Builder
	for _, r := range id {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			b.WriteRune(r)
		}
	}
	return fmt.Sprintf("%d-%s", n+1, b.String())
}

// decimal refuses fractions that no decimal equals.
func decimal(v bargain.Number, what string) (*twig, error) {
	if strings.Contains(v.String(), "/") {
		return nil, fmt.Errorf("%s is %s, which no decimal equals; round it, or write YAML", what, v)
	}
	return number(v), nil
}

func (s *Scenario) exportGeniusWeb() ([]File, error) {
	issues := mapping(false)
	for _, is := range s.Template.Issues {
		vs := &twig{list: true, short: true}
		for _, o := range is.Options {
			vs.kids = append(vs.kids, text(o.ID))
		}
		one := mapping(false)
		one.add("values", vs)
		issues.add(is.ID, one)
	}
	domain := mapping(false)
	domain.add("name", text(s.Template.ID))
	domain.add("issuesValues", issues)
	out := []File{{Name: "domain.json", Data: domain.bytes()}}
	for n, p := range s.Template.Parties {
		sc, _ := s.Scoring(p.ID)
		if sc.Reservation != nil {
			return nil, fmt.Errorf("party %q has the reservation value %s; GeniusWeb has reservation bids instead, write another form", p.ID, brief(*sc.Reservation))
		}
		utils, weights, sum := mapping(false), mapping(false), bargain.Number{}
		for _, is := range s.Template.Issues {
			w, err := decimal(weightOf(sc, is.ID), "the weight of issue "+is.ID)
			if err != nil {
				return nil, err
			}
			weights.add(is.ID, w)
			sum = sum.Add(weightOf(sc, is.ID))
			table := mapping(false)
			for _, o := range is.Options {
				v := sc.Values[is.ID][o.ID]
				if !v.Equal(clamp01(v)) {
					return nil, fmt.Errorf("option %q of issue %q is worth %s to %q; GeniusWeb takes 0 to 1", o.ID, is.ID, v, p.ID)
				}
				d, err := decimal(v, "the worth of option "+o.ID)
				if err != nil {
					return nil, err
				}
				table.add(o.ID, d)
			}
			utils.add(is.ID, nest("DiscreteValueSetUtilities", nest("valueUtilities", table)))
		}
		if !sum.Equal(bargain.Whole(1)) {
			return nil, fmt.Errorf("the weights of party %q sum to %s; GeniusWeb takes 1", p.ID, brief(sum))
		}
		space := mapping(false)
		space.add("issueUtilities", utils)
		space.add("issueWeights", weights)
		space.add("domain", domain)
		space.add("name", text(p.ID))
		out = append(out, File{Name: fileName(p.ID, n) + ".json", Data: nest("LinearAdditiveUtilitySpace", space).bytes()})
	}
	return out, nil
}

func nest(key string, v *twig) *twig {
	m := mapping(false)
	m.add(key, v)
	return m
}

func (t *twig) bytes() []byte {
	var b bytes.Buffer
	t.json(&b, "")
	b.WriteByte('\n')
	return b.Bytes()
}

func (s *Scenario) exportNegoLog() ([]File, error) {
	var out []File
	for n, p := range s.Template.Parties {
		sc, _ := s.Scoring(p.ID)
		t, weights, issues := mapping(false), mapping(false), mapping(false)
		if sc.Reservation == nil {
			return nil, fmt.Errorf("party %q has no reservation value, and NegoLog would take 0; give one", p.ID)
		}
		r, err := decimal(*sc.Reservation, "the reservation value of "+p.ID)
		if err != nil {
			return nil, err
		}
		for _, is := range s.Template.Issues {
			w, err := decimal(weightOf(sc, is.ID), "the weight of issue "+is.ID)
			if err != nil {
				return nil, err
			}
			weights.add(is.ID, w)
			table := mapping(false)
			for _, o := range is.Options {
				v, err := decimal(sc.Values[is.ID][o.ID], "the worth of option "+o.ID)
				if err != nil {
					return nil, err
				}
				table.add(o.ID, v)
			}
			issues.add(is.ID, table)
		}
		t.add("reservationValue", r)
		t.add("issueWeights", weights)
		t.add("issues", issues)
		out = append(out, File{Name: fileName(p.ID, n) + ".json", Data: t.bytes()})
	}
	return out, nil
}

// exportGenius writes evaluations as whole numbers: GENIUS divides them by their largest, so any fraction can be held,
// and the largest goes into the weight.
func (s *Scenario) exportGenius() ([]File, error) {
	domain := &bytes.Buffer{}
	fmt.Fprintf(domain, "<negotiation_template>\n<utility_space number_of_issues=\"%d\">\n<objective index=\"0\" name=\"%s\" type=\"objective\" etype=\"objective\" description=\"\">\n", len(s.Template.Issues), quote(s.Template.ID))
	for i, is := range s.Template.Issues {
		fmt.Fprintf(domain, "<issue index=\"%d\" name=\"%s\" type=\"discrete\" etype=\"discrete\" vtype=\"discrete\">\n", i+1, quote(is.ID))
		for k, o := range is.Options {
			fmt.Fprintf(domain, "<item index=\"%d\" value=\"%s\"/>\n", k+1, quote(o.ID))
		}
		domain.WriteString("</issue>\n")
	}
	domain.WriteString("</objective>\n</utility_space>\n</negotiation_template>\n")
	out := []File{{Name: "domain.xml", Data: domain.Bytes()}}
	for n, p := range s.Template.Parties {
		sc, _ := s.Scoring(p.ID)
		b, err := s.geniusProfile(sc)
		if err != nil {
			return nil, err
		}
		out = append(out, File{Name: fileName(p.ID, n) + ".xml", Data: b})
	}
	return out, nil
}

func (s *Scenario) geniusProfile(sc *bargain.Scoring) ([]byte, error) {
	c, capped := s.Caps[sc.Party]
	if capped && !c.Equal(bargain.Whole(1)) {
		return nil, fmt.Errorf("party %q counts worths above %s alike; GENIUS does so above 1", sc.Party, brief(c))
	}
	if _, hi, ok := s.ranges(sc); !capped && (!ok || hi.Cmp(bargain.Whole(1)) > 0) {
		return nil, fmt.Errorf("packages reach %s for party %q, and GENIUS counts all above 1 alike; divide the worths first", brief(hi), sc.Party)
	}
	if sc.Reservation == nil {
		return nil, fmt.Errorf("party %q has no reservation value, and GENIUS would take 0; give one", sc.Party)
	}
	b, weights := &bytes.Buffer{}, &bytes.Buffer{}
	b.WriteString("<utility_space>\n<objective index=\"0\" name=\"root\" type=\"objective\" etype=\"objective\" description=\"\">\n")
	for i, is := range s.Template.Issues {
		var most bargain.Number
		unit := bargain.Whole(1)
		for _, o := range is.Options {
			v := sc.Values[is.ID][o.ID]
			if v.Sign() < 0 {
				return nil, fmt.Errorf("option %q of issue %q is worth %s to %q; GENIUS takes no negative evaluations", o.ID, is.ID, v, sc.Party)
			}
			if v.Cmp(most) > 0 {
				most = v
			}
			d := unit.Mul(v).Rat().Denom()
			unit = unit.Mul(bargain.MustNumber(d.String()))
			if bits := unit.Rat().Num().BitLen(); bits > 50 {
				return nil, fmt.Errorf("the worths of issue %q have too many digits for GENIUS; round them", is.ID)
			}
		}
		if most.Sign() == 0 {
			unit = bargain.Number{}
		}
		w, err := decimal(weightOf(sc, is.ID).Mul(most), "the weight of issue "+is.ID)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(weights, "<weight index=\"%d\" value=\"%s\"/>\n", i+1, w.text)
		fmt.Fprintf(b, "<issue index=\"%d\" name=\"%s\" type=\"discrete\" etype=\"discrete\" vtype=\"discrete\">\n", i+1, quote(is.ID))
		for k, o := range is.Options {
			fmt.Fprintf(b, "<item index=\"%d\" value=\"%s\" evaluation=\"%s\"/>\n", k+1, quote(o.ID), unit.Mul(sc.Values[is.ID][o.ID]))
		}
		b.WriteString("</issue>\n")
	}
	b.Write(weights.Bytes())
	b.WriteString("</objective>\n")
	if sc.Discount != nil {
		d, err := decimal(*sc.Discount, "the discount factor of "+sc.Party)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(b, "<discount_factor value=\"%s\"/>\n", d.text)
	}
	r, err := decimal(*sc.Reservation, "the reservation value of "+sc.Party)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(b, "<reservation value=\"%s\"/>\n</utility_space>\n", r.text)
	return b.Bytes(), nil
}

func quote(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}
