package api

import (
	"net/http"

	"parley/internal/catalogue"
	"parley/internal/phrasebook"
	"parley/internal/secretariat"
)

// acts gives the catalogue. It is the same for everybody.
func (a *API) acts(w http.ResponseWriter, r *http.Request) error {
	write(w, http.StatusOK, Catalogue(a.Book, lang(r)))
	return nil
}

// Catalogue lists every act that people can submit, with its fields.
func Catalogue(book *phrasebook.Book, lang string) Acts {
	reader := phrasebook.Reader{Lang: lang}
	list := Acts{Acts: []Act{}}
	for _, s := range secretariat.Acts.Specs() {
		act := Act{Act: s.Name, Says: book.Line(reader, "act."+s.Name), Rule: s.Rule, Fields: []Field{}}
		for _, f := range s.Fields {
			newcomer := f.Kind == catalogue.Person
			act.Fields = append(act.Fields, Field{Field: f.Name, Says: book.Line(reader, "field."+f.Name), Kind: string(f.Kind),
				Optional: f.Optional || newcomer, Choices: f.Choices, Newcomer: newcomer})
		}
		list.Acts = append(list.Acts, act)
	}
	return list
}
