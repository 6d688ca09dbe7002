package access

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"parley/internal/ruling"
	"parley/internal/seat"
)

// A Provider is where the people of one delegation sign in at home, by OpenID
// Connect with PKCE. It signs in those who connected themselves to it while
// they were here, and nobody else: it seats nobody, and what is done by such a
// login is not key-signed. Its exported fields do not change once it is in use.
type Provider struct {
	Key    string // of lower-case letters, digits and hyphens; stored with identities
	Talks  string
	Party  seat.Party // whose people
	Name   string     // as the button says it
	Issuer string     // "https://login.mfa.example"
	Client string     // id that the provider knows this house by
	Secret string     // empty for a public client
	Return string     // address of this house to which the provider sends people back
	HTTP   *http.Client

	mu    sync.Mutex
	found *oidc.Provider // once it has been asked about itself
}

// Limits on what a provider answers.
const (
	mostProvider = 1 << 20 // bytes
	providerWait = 15 * time.Second
)

func noSuchIdentity() error { return ruling.No(ruling.Denied, 0, "provider-denied") }

// journey is what a ceremony at a provider keeps of itself.
type journey struct{ Provider, State, Nonce, Verifier string }

// ProvidersOf returns the providers of a delegation, or of everybody if party
// and talks are empty, in order of key.
func (d *Door) ProvidersOf(talks string, party seat.Party) (list []*Provider) {
	for _, p := range d.Providers {
		if talks == "" && party == "" || p.Talks == talks && p.Party == party {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b *Provider) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

// BeginAbroad starts signing in at a provider. It returns the address to send
// the browser to, and the token that must come back with it, in a cookie of
// this browser. The zero Visit signs in; a visitor who came in otherwise
// connects themselves, so that they can sign in from then on.
func (d *Door) BeginAbroad(ctx context.Context, v Visit, provider string) (address string, ceremony Token, err error) {
	i := slices.IndexFunc(d.Providers, func(p *Provider) bool { return p.Key == provider })
	if i < 0 {
		return "", Token{}, ruling.Nothing()
	}
	p := d.Providers[i]
	if v.Person.ID != "" {
		if err := d.mayConnect(ctx, v, p); err != nil {
			return "", Token{}, err
		}
	}
	ctx, cancel := p.bounded(ctx)
	defer cancel()
	config, err := p.config(ctx)
	if err != nil {
		return "", Token{}, d.unreachable(ctx, p, err)
	}
	j := journey{Provider: p.Key}
	for _, to := range []*string{&j.State, &j.Nonce, &j.Verifier} { // 64 signs: a verifier has at least 43 (RFC 7636)
		secret, err := d.challenge()
		if err != nil {
			return "", Token{}, err
		}
		*to = hex.EncodeToString(secret)
	}
	if ceremony, err = d.open(ctx, abroad, v, j); err != nil {
		return "", Token{}, err
	}
	return config.AuthCodeURL(j.State, oidc.Nonce(j.Nonce), oauth2.S256ChallengeOption(j.Verifier)), ceremony, nil
}

// mayConnect refuses to connect whoever is not of the provider's delegation, or
// came in by a provider themselves.
func (d *Door) mayConnect(ctx context.Context, v Visit, p *Provider) error {
	if v.Pass.Place.Talks != p.Talks || v.Pass.Place.Party != p.Party || v.Pass.Waits() {
		return ruling.Nothing()
	}
	return d.proved(ctx, v)
}

// FinishAbroad takes up what the provider sent the browser back with. For the
// zero Visit it signs in whoever is connected to that identity; for the visitor
// who began, it connects them and returns their own visit and no token.
func (d *Door) FinishAbroad(ctx context.Context, v Visit, ceremony string, answer url.Values, label string) (Token, Visit, error) {
	var j journey
	if err := d.closed(ctx, abroad, v, ceremony, &j); err != nil {
		return Token{}, Visit{}, err
	}
	i := slices.IndexFunc(d.Providers, func(p *Provider) bool { return p.Key == j.Provider })
	if i < 0 {
		return Token{}, Visit{}, ruling.Nothing()
	}
	p := d.Providers[i]
	subject, err := d.subject(ctx, p, j, answer)
	if err != nil {
		d.turnedAway(ctx, Pass{Kind: Login, Person: v.Person.ID}, "at the provider "+p.Key+": "+short(err.Error()))
		return Token{}, Visit{}, noSuchIdentity()
	}
	id := identityOf(p, subject)
	if v.Person.ID == "" {
		return d.signInAs(ctx, p, id, label)
	}
	if err := d.mayConnect(ctx, v, p); err != nil {
		return Token{}, Visit{}, err
	}
	err = d.Store.Acknowledge(ctx, Identity{ID: id, Person: v.Person.ID, Provider: p.Key, Made: d.now()})
	if errors.Is(err, ErrTaken) {
		return Token{}, Visit{}, ruling.No(ruling.OutOfOrder, 0, "identity-taken")
	}
	return Token{}, v, err
}

// subject finds out whom the provider has signed in, and believes nothing that
// the browser alone says.
func (d *Door) subject(ctx context.Context, p *Provider, j journey, answer url.Values) (string, error) {
	state, code, issuer := answer["state"], answer["code"], answer["iss"]
	switch {
	case len(answer["error"]) > 0:
		return "", errors.New("it said no: " + answer.Get("error"))
	case len(state) != 1 || subtle.ConstantTimeCompare([]byte(state[0]), []byte(j.State)) != 1:
		return "", errors.New("the state is not the one that was sent")
	case len(issuer) > 1 || len(issuer) == 1 && issuer[0] != p.Issuer: // RFC 9207
		return "", errors.New("another provider answered")
	case len(code) != 1:
		return "", errors.New("it sent no code")
	}
	ctx, cancel := p.bounded(ctx)
	defer cancel()
	config, err := p.config(ctx)
	if err != nil {
		return "", err
	}
	token, err := config.Exchange(ctx, code[0], oauth2.VerifierOption(j.Verifier))
	if err != nil {
		var refused *oauth2.RetrieveError
		if errors.As(err, &refused) {
			return "", errors.New("it refused the code: " + refused.ErrorCode) // the whole holds what was sent
		}
		return "", err
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return "", errors.New("it sent no id token")
	}
	verified, err := p.found.VerifierContext(ctx, &oidc.Config{ClientID: p.Client, Now: d.Now}).Verify(ctx, raw)
	if err != nil {
		return "", err
	}
	var claims struct {
		Party string `json:"azp"`
	}
	if err := verified.Claims(&claims); err != nil {
		return "", err
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(verified.Nonce), []byte(j.Nonce)) != 1:
		return "", errors.New("the nonce is not the one that was sent")
	case len(verified.Audience) > 1 && claims.Party == "", claims.Party != "" && claims.Party != p.Client:
		return "", errors.New("the id token was made for another")
	case verified.Subject == "" || len(verified.Subject) > 255:
		return "", errors.New("the id token names nobody")
	}
	return verified.Subject, nil
}

func (d *Door) signInAs(ctx context.Context, p *Provider, id Digest, label string) (Token, Visit, error) {
	i, ok, err := d.Store.Identity(ctx, id)
	if err != nil {
		return Token{}, Visit{}, err
	}
	if !ok {
		return Token{}, Visit{}, ruling.No(ruling.Denied, 0, "identity-unknown")
	}
	person, err := d.Store.Person(ctx, i.Person)
	if err != nil {
		return Token{}, Visit{}, err
	}
	t, login, err := d.draw(Pass{Kind: Login, Person: i.Person, Label: short(label), Place: Place{Talks: p.Talks, Party: p.Party},
		Means: ByProvider, Via: id}, or(d.LoginLife, LoginLife))
	if err != nil {
		return Token{}, Visit{}, err
	}
	ok, err = d.Store.SignInAs(ctx, id, login)
	if err != nil {
		return Token{}, Visit{}, err
	}
	if !ok {
		return Token{}, Visit{}, ruling.No(ruling.Denied, 0, "identity-unknown")
	}
	return t, Visit{person, login}, nil
}

// Disconnect ends that a visitor can sign in as they did, at a provider, and
// what was signed in so.
func (d *Door) Disconnect(ctx context.Context, v Visit) error {
	if v.Pass.Means != ByProvider {
		return ruling.Nothing()
	}
	return d.Store.Disown(ctx, v.Pass.Via, d.now())
}

// identityOf is SHA-256 of the provider's key, its issuer and the subject, each
// after eight bytes of its length.
func identityOf(p *Provider, subject string) Digest {
	h := sha256.New()
	for _, s := range []string{p.Key, p.Issuer, subject} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		io.WriteString(h, s)
	}
	return Digest(h.Sum(nil))
}

// bounded limits for how long and how much a provider may be listened to.
func (p *Provider) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	client := http.Client{Timeout: providerWait}
	if p.HTTP != nil {
		client = *p.HTTP
	}
	client.Transport = bounded{cmp.Or[http.RoundTripper](client.Transport, http.DefaultTransport)}
	ctx, cancel := context.WithTimeout(ctx, providerWait)
	return oidc.ClientContext(ctx, &client), cancel
}

// bounded is a transport whose answers end.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	a, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		a.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(a.Body, mostProvider), a.Body}
	}
	return a, err
}

// config asks the provider about itself, once.
func (p *Provider) config(ctx context.Context) (*oauth2.Config, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil {
		found, err := oidc.NewProvider(ctx, p.Issuer)
		if err != nil {
			return nil, err
		}
		p.found = found
	}
	return &oauth2.Config{ClientID: p.Client, ClientSecret: p.Secret, RedirectURL: p.Return, Endpoint: p.found.Endpoint(), Scopes: []string{oidc.ScopeOpenID}}, nil
}

func (d *Door) unreachable(ctx context.Context, p *Provider, err error) error {
	d.turnedAway(ctx, Pass{Kind: Login}, "the provider "+p.Key+" does not answer: "+short(err.Error()))
	return ruling.No(ruling.OutOfOrder, 0, "provider-unreachable", "Name", p.Name)
}
