package web

import (
	"net/http"
	"slices"

	"parley/internal/secretariat"
	"parley/internal/text"
)

// A tableView is the comparison table of a text: a row for each clause, a
// column for each party, then the mediator's, then the compromise. It is drawn
// from the text and holds nothing that is not in it.
type tableView struct {
	frame
	D       *drafting
	Sum     string
	Columns []string // sides
	Rows    []tableRow
	Filter  []chapter
}

type tableRow struct {
	Label      string
	Bracket    string // number, if the row is one bracket of a clause
	Href       string
	Words      string // as they stand
	Cells      []tableCell
	Mediator   tableCell
	Compromise tableCell
	Class      string // agreed, near or apart
	Light      string
	Status     string
}

type tableCell struct {
	Head  string // of the column
	Words string
	Note  string // in place of words, or beside them
}

func (h *house) tablesPage(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.listTexts(w, r, v, "table")
}

func (h *house) tablePage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p tableView
	err := h.lookAtText(r, v, func(s secretariat.Sight, d *drafting) error {
		p = h.tableView(s, d, r.URL.Query().Get("all") != "")
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, comparison(p))
}

func (h *house) tableView(s secretariat.Sight, d *drafting, all bool) tableView {
	p := tableView{frame: h.textFrame(s, d, "table"), D: d}
	for _, side := range d.sidesHere() {
		if d.named() || side == d.by.Side {
			p.Columns = append(p.Columns, side)
		}
	}
	rows := text.Compare(d.draft(), d.by.Parties)
	lights := map[text.Light]int{}
	for _, r := range rows {
		parts := r.Brackets // each bracket of a clause that has several
		if len(parts) == 0 {
			parts = []text.Row{r}
		}
		for _, x := range parts {
			lights[x.Light]++
			if all || x.Light != text.LightAgreed {
				p.Rows = append(p.Rows, d.tableRow(x, p.Columns))
			}
		}
	}
	p.Sum = d.say("page.table-sum", "Agreed", lights[text.LightAgreed], "Near", lights[text.LightNear], "Apart", lights[text.LightApart])
	address := d.tableBase()
	p.Filter = []chapter{
		{Href: address, Label: d.say("page.table-open"), Current: !all},
		{Href: address + "?all=yes", Label: d.say("page.table-all"), Current: all},
		{Href: d.base, Label: d.say("page.table-text")},
	}
	place := "text/" + d.tabled.Name
	if d.in != "" {
		place = "drafts/" + d.in + "/" + d.tabled.Name
	}
	p.live(place, d.last())
	p.Stream += "&whole=yes"
	return p
}

// tableBase is the address of the text's table.
func (d *drafting) tableBase() string {
	if d.in != "" {
		return d.base + "/table"
	}
	return "/talks/" + d.talks + "/table/" + d.tabled.Name
}

func (d *drafting) tableRow(r text.Row, columns []string) tableRow {
	x := tableRow{Label: r.Label, Words: r.Words, Class: string(r.Light), Light: d.say("page.light-" + string(r.Light)), Href: d.href("clause", string(r.Clause)) + "#panel"}
	if r.Bracket != "" {
		x.Bracket, x.Href = ordinal(r.Bracket), d.href("bracket", string(r.Bracket))+"#panel"
	}
	if c := d.draft().Text.Find(r.Clause); c != nil && c.Status >= text.AgreedAdReferendum {
		x.Status = d.say("text-status." + statusKey(c.Status))
	}
	for _, c := range r.Cells {
		if slices.Contains(columns, c.Side) {
			x.Cells = append(x.Cells, d.cell(c, d.title(c.Side), "page.cell-silent"))
		}
	}
	x.Mediator = d.cell(r.Mediator, d.title("mediation"), "page.cell-no-proposal")
	x.Compromise = d.cell(r.Compromise, d.say("page.compromise"), "page.cell-none-yet")
	return x
}

// cell says what a column has. What a side has not said is not put in its
// mouth: it is silent, and what would be read for it stands in its clean reading.
func (d *drafting) cell(c text.Cell, head, silent string) tableCell {
	x := tableCell{Head: head, Words: c.Words}
	switch {
	case c.Silent:
		x.Words, x.Note = "", d.say(silent)
	case c.Words == "":
		x.Note = d.say("page.no-text")
	}
	return x
}
