package access

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"parley/internal/evidence"
	"parley/internal/ruling"
)

// PasskeyScript is what a page runs to have a browser make and use passkeys. It acts
// on forms that carry data-passkey and needs nothing inline; its head says how.
//
//go:embed passkey.js
var PasskeyScript []byte

// A Site is what passkeys are bound to. A browser signs on no other.
type Site struct {
	// Host is the name that passkeys are bound to: that of the house, or one
	// that it ends with. Browsers take no plain address of numbers.
	Host    string
	Origins []string // of its pages, such as "https://parley.example:8443"
	Name    string   // what the browser's dialogue calls it
	// PRF, if not nil, is 32 bytes from which a passkey derives a secret for
	// the page that asked. The page's script keeps it; a request that holds it
	// is refused.
	PRF []byte
}

// CeremonyLife is for how long a challenge may be answered.
const CeremonyLife = 5 * time.Minute

// Kinds of ceremony. The numbers are stored.
const (
	registering uint8 = 1
	signingIn   uint8 = 2
	steppingUp  uint8 = 3
	abroad      uint8 = 4 // at a delegation's own provider
)

func noSuchPasskey() error { return ruling.No(ruling.Denied, 0, "passkey-not-good") }

// session is what a ceremony keeps of itself.
type session struct {
	WebAuthn webauthn.SessionData
	Act      []byte `json:",omitempty"` // canonical bytes of the act to be signed
}

// library returns the library that makes and checks what browsers answer.
func (d *Door) library() (*webauthn.WebAuthn, error) {
	if d.Site.Host == "" {
		return nil, ruling.No(ruling.OutOfOrder, 0, "no-passkeys-here")
	}
	return webauthn.New(&webauthn.Config{
		RPID: d.Site.Host, RPDisplayName: cmp.Or(d.Site.Name, d.Site.Host), RPOrigins: d.Site.Origins,
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{
			Login: webauthn.TimeoutConfig{Timeout: CeremonyLife}, Registration: webauthn.TimeoutConfig{Timeout: CeremonyLife},
		},
	})
}

// A member is a person as the library asks about them.
type member struct {
	Person
	keys []Passkey
}

func (m member) WebAuthnID() []byte          { return []byte(m.ID) }
func (m member) WebAuthnName() string        { return m.Name }
func (m member) WebAuthnDisplayName() string { return m.Name }

func (m member) WebAuthnCredentials() (list []webauthn.Credential) {
	for _, k := range m.keys {
		c := webauthn.Credential{ID: k.Raw, PublicKey: k.Public, Flags: webauthn.NewCredentialFlags(protocol.AuthenticatorFlags(k.Flags))}
		c.Authenticator.SignCount = k.Count
		for t := range strings.SplitSeq(k.Transports, ",") {
			if t != "" {
				c.Transport = append(c.Transport, protocol.AuthenticatorTransport(t))
			}
		}
		list = append(list, c)
	}
	return list
}

// open keeps a ceremony and returns the token that its answer must bring.
func (d *Door) open(ctx context.Context, kind uint8, v Visit, s any) (Token, error) {
	t, err := newToken(d.Rand)
	if err != nil {
		return Token{}, err
	}
	b, err := json.Marshal(s)
	if err != nil {
		return Token{}, err
	}
	now := d.now()
	return t, d.Store.Keep(ctx, Ceremony{Digest: t.Digest(), Kind: kind, Person: v.Person.ID, Login: v.Pass.Digest,
		Session: b, Until: now.Add(CeremonyLife)}, now)
}

// closed takes a ceremony up again, once; whatever comes of it, it is over.
func (d *Door) closed(ctx context.Context, kind uint8, v Visit, token string, to any) error {
	t, ok := ParseToken(token)
	if !ok {
		return ruling.No(ruling.Stale, 0, "ceremony-over")
	}
	c, ok, err := d.Store.Take(ctx, t.Digest(), d.now())
	if err != nil {
		return err
	}
	if !ok || c.Kind != kind || c.Person != v.Person.ID || c.Login != v.Pass.Digest {
		return ruling.No(ruling.Stale, 0, "ceremony-over")
	}
	return json.Unmarshal(c.Session, to)
}

func (d *Door) challenge() ([]byte, error) {
	b := make([]byte, 32)
	_, err := io.ReadFull(d.Rand, b)
	return b, err
}

// extensions asks for a secret of the page's own, if the site wants one.
func (d *Door) extensions() []webauthn.ExtensionOption {
	if d.Site.PRF == nil {
		return nil
	}
	return []webauthn.ExtensionOption{webauthn.WithExtensionPRF(protocol.PRFValues{First: d.Site.PRF})}
}

// BeginRegistration asks a visitor's browser for a new passkey. It returns what
// navigator.credentials.create takes, as JSON, and the token that the answer
// must bring. The visitor may be one who waits to be confirmed (their passkey
// then waits with them). Whoever has a passkey that is good must have signed
// with it just now: otherwise a laptop left open would be a way in for ever.
func (d *Door) BeginRegistration(ctx context.Context, v Visit) (options []byte, ceremony Token, err error) {
	lib, err := d.library()
	if err != nil {
		return nil, Token{}, err
	}
	if !v.Pass.Waits() {
		if err := d.proved(ctx, v); err != nil {
			return nil, Token{}, err
		}
	}
	keys, err := d.Passkeys(ctx, v.Person.ID)
	if err != nil {
		return nil, Token{}, err
	}
	challenge, err := d.challenge()
	if err != nil {
		return nil, Token{}, err
	}
	m := member{v.Person, keys}
	var have []protocol.CredentialDescriptor
	for _, c := range m.WebAuthnCredentials() {
		have = append(have, c.Descriptor())
	}
	creation, s, err := lib.BeginRegistration(m, webauthn.WithExclusions(have), webauthn.WithExtensions(d.extensions()...),
		// EdDSA, ES256 and RS256: what package evidence can check.
		webauthn.WithCredentialParameters(webauthn.CredentialParametersRecommendedL3()),
		func(o *protocol.PublicKeyCredentialCreationOptions) error { o.Challenge = challenge; return nil })
	if err != nil {
		return nil, Token{}, fmt.Errorf("asking for a passkey: %w", err)
	}
	if ceremony, err = d.open(ctx, registering, v, session{WebAuthn: *s}); err != nil {
		return nil, Token{}, err
	}
	options, err = json.Marshal(creation)
	return options, ceremony, err
}

// FinishRegistration takes the answer of the same visitor's browser and keeps
// the passkey. label is how its owner will know the device again.
func (d *Door) FinishRegistration(ctx context.Context, v Visit, ceremony string, response []byte, label string) (Passkey, error) {
	lib, err := d.library()
	if err != nil {
		return Passkey{}, err
	}
	var s session
	if err := d.closed(ctx, registering, v, ceremony, &s); err != nil {
		return Passkey{}, err
	}
	if err := checkResponse(response); err != nil {
		return Passkey{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return Passkey{}, d.notGood(ctx, v, err)
	}
	c, err := lib.CreateCredential(member{Person: v.Person}, s.WebAuthn, parsed)
	if err != nil {
		return Passkey{}, d.notGood(ctx, v, err)
	}
	if _, err := evidence.ParseKey(c.PublicKey); err != nil {
		return Passkey{}, d.notGood(ctx, v, err)
	}
	now := d.now()
	k := Passkey{ID: sha256.Sum256(c.ID), Raw: c.ID, Person: v.Person.ID, Public: c.PublicKey, Label: short(label),
		Place: v.Pass.Place, Login: v.Pass.Digest, Transports: transports(c.Transport), Flags: c.Flags.MsgpByte(),
		Count: c.Authenticator.SignCount, Made: now, Seen: now}
	ok, err := d.Store.Register(ctx, k)
	switch {
	case errors.Is(err, ErrTaken):
		return Passkey{}, d.notGood(ctx, v, err)
	case err != nil:
		return Passkey{}, err
	case !ok:
		return Passkey{}, notSignedIn()
	}
	k, _, err = d.Store.Passkey(ctx, k.ID)
	return k, err
}

// transports keeps the words that browsers use, and no others.
func transports(list []protocol.AuthenticatorTransport) string {
	var words []string
	for _, t := range list {
		if slices.Contains([]protocol.AuthenticatorTransport{protocol.USB, protocol.NFC, protocol.BLE, protocol.Hybrid, protocol.Internal, protocol.SmartCard}, t) {
			words = append(words, string(t))
		}
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), ",")
}

// notGood tells the operator what was wrong with an answer and the visitor
// that it was not good.
func (d *Door) notGood(ctx context.Context, v Visit, err error) error {
	why := err.Error()
	var p *protocol.Error
	if errors.As(err, &p) {
		why = strings.TrimSpace(p.Details + " " + p.DevInfo)
	}
	d.turnedAway(ctx, Pass{Person: v.Person.ID, Digest: v.Pass.Digest, Kind: Login}, short(why))
	return noSuchPasskey()
}

// BeginLogin asks whoever is there for any passkey of this site. It returns
// what navigator.credentials.get takes, as JSON, and the token that the answer
// must bring.
func (d *Door) BeginLogin(ctx context.Context) (options []byte, ceremony Token, err error) {
	lib, err := d.library()
	if err != nil {
		return nil, Token{}, err
	}
	challenge, err := d.challenge()
	if err != nil {
		return nil, Token{}, err
	}
	assertion, s, err := lib.BeginDiscoverableLogin(webauthn.WithChallenge(challenge), webauthn.WithAssertionExtensions(d.extensions()...))
	if err != nil {
		return nil, Token{}, fmt.Errorf("asking for a passkey: %w", err)
	}
	if ceremony, err = d.open(ctx, signingIn, Visit{}, session{WebAuthn: *s}); err != nil {
		return nil, Token{}, err
	}
	options, err = json.Marshal(assertion)
	return options, ceremony, err
}

// FinishLogin takes the answer and signs its giver in, on a device that they
// will know again by label.
func (d *Door) FinishLogin(ctx context.Context, ceremony string, response []byte, label string) (Token, Visit, error) {
	lib, err := d.library()
	if err != nil {
		return Token{}, Visit{}, err
	}
	var s session
	if err := d.closed(ctx, signingIn, Visit{}, ceremony, &s); err != nil {
		return Token{}, Visit{}, err
	}
	parsed, err := readAssertion(response)
	if err != nil {
		return Token{}, Visit{}, d.readable(ctx, Visit{}, err)
	}
	var k Passkey
	var fault error // of the store; the library would hide it
	found := func(raw, user []byte) (webauthn.User, error) {
		var m member
		m, k, fault = d.owner(ctx, raw, user)
		if m.ID == "" || fault != nil {
			return nil, errors.New("no such passkey")
		}
		return m, nil
	}
	_, _, err = lib.ValidatePasskeyLogin(found, s.WebAuthn, parsed)
	if fault != nil {
		return Token{}, Visit{}, fault
	}
	who := Visit{Person: Person{ID: k.Person}}
	if err != nil {
		return Token{}, Visit{}, d.notGood(ctx, who, err)
	}
	if k.Confirmed.IsZero() {
		return Token{}, Visit{}, notConfirmed()
	}
	if who.Person, err = d.Store.Person(ctx, k.Person); err != nil {
		return Token{}, Visit{}, err
	}
	t, login, err := d.draw(Pass{Kind: Login, Person: k.Person, Label: short(label), Place: k.Place, Means: ByPasskey, Via: k.ID},
		or(d.LoginLife, LoginLife))
	if err != nil {
		return Token{}, Visit{}, err
	}
	login.Proved = login.Made
	ok, err := d.Store.SignIn(ctx, k.ID, parsed.Response.AuthenticatorData.Counter, login)
	if err != nil {
		return Token{}, Visit{}, err
	}
	if !ok {
		return Token{}, Visit{}, d.notGood(ctx, who, errors.New("revoked meanwhile, or its count went back: it may have been copied"))
	}
	return t, Visit{who.Person, login}, nil
}

// owner finds the person to whom a passkey belongs, unless it is revoked.
func (d *Door) owner(ctx context.Context, raw, user []byte) (member, Passkey, error) {
	k, ok, err := d.Store.Passkey(ctx, sha256.Sum256(raw))
	if err != nil || !ok || string(user) != string(k.Person) || !k.Revoked.IsZero() {
		return member{}, Passkey{}, err
	}
	return member{Person{ID: k.Person}, []Passkey{k}}, k, nil
}

func readAssertion(response []byte) (*protocol.ParsedCredentialAssertionData, error) {
	if err := checkResponse(response); err != nil {
		return nil, err
	}
	return protocol.ParseCredentialRequestResponseBytes(response)
}

// readable keeps a refusal of ours as it is; the library's becomes the one answer.
func (d *Door) readable(ctx context.Context, v Visit, err error) error {
	var no *ruling.Refusal
	if errors.As(err, &no) {
		return err
	}
	return d.notGood(ctx, v, err)
}

// BeginStepUp asks a visitor to sign with a passkey once more: with act nil to
// show that they are there, else to sign that act, whose hash is the challenge.
// The page must show what is signed.
func (d *Door) BeginStepUp(ctx context.Context, v Visit, act *evidence.Act) (options []byte, ceremony Token, err error) {
	lib, err := d.library()
	if err != nil {
		return nil, Token{}, err
	}
	keys, err := d.live(ctx, v.Person.ID)
	if err != nil {
		return nil, Token{}, err
	}
	if len(keys) == 0 {
		return nil, Token{}, ruling.No(ruling.OutOfOrder, 0, "no-passkey")
	}
	var s session
	challenge, err := d.challenge()
	if act != nil && err == nil {
		if s.Act, err = act.Marshal(); err != nil {
			return nil, Token{}, ruling.No(ruling.Invalid, 0, "act-unsignable", "most", evidence.MostAct)
		}
		hash := evidence.Hash(s.Act)
		challenge = hash[:]
	}
	if err != nil {
		return nil, Token{}, err
	}
	assertion, w, err := lib.BeginLogin(member{v.Person, keys}, webauthn.WithChallenge(challenge))
	if err != nil {
		return nil, Token{}, fmt.Errorf("asking for a signature: %w", err)
	}
	s.WebAuthn = *w
	if ceremony, err = d.open(ctx, steppingUp, v, s); err != nil {
		return nil, Token{}, err
	}
	options, err = json.Marshal(assertion)
	return options, ceremony, err
}

// FinishStepUp takes the answer of the same visitor. If an act was to be signed
// it returns the evidence for it; otherwise nil, and the visit is fresh again.
// The two are kept apart: evidence is read by others, and whoever held it and a
// stolen login could otherwise pass it off as presence.
func (d *Door) FinishStepUp(ctx context.Context, v Visit, ceremony string, response []byte) ([]byte, error) {
	lib, err := d.library()
	if err != nil {
		return nil, err
	}
	var s session
	if err := d.closed(ctx, steppingUp, v, ceremony, &s); err != nil {
		return nil, err
	}
	parsed, err := readAssertion(response)
	if err != nil {
		return nil, d.readable(ctx, v, err)
	}
	keys, err := d.live(ctx, v.Person.ID)
	if err != nil {
		return nil, err
	}
	c, err := lib.ValidateLogin(member{v.Person, keys}, s.WebAuthn, parsed)
	if err != nil {
		return nil, d.notGood(ctx, v, err)
	}
	ok, err := d.Store.StepUp(ctx, sha256.Sum256(c.ID), parsed.Response.AuthenticatorData.Counter, v.Pass.Digest, s.Act == nil, d.now())
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, d.notGood(ctx, v, errors.New("revoked meanwhile, or its count went back: it may have been copied"))
	}
	if s.Act == nil {
		return nil, nil
	}
	return d.evidence(ctx, v, s.Act, c.PublicKey, parsed)
}

// evidence puts together what was signed, and checks it as everybody else will.
func (d *Door) evidence(ctx context.Context, v Visit, act, public []byte, p *protocol.ParsedCredentialAssertionData) ([]byte, error) {
	raw := p.Raw.AssertionResponse
	b, err := evidence.Evidence{Act: act, Key: sha256.Sum256(public), Authenticator: raw.AuthenticatorData,
		Client: raw.ClientDataJSON, Signature: raw.Signature}.Marshal()
	if err != nil {
		return nil, d.notGood(ctx, v, err)
	}
	if err := evidence.Verify(b, evidence.Hash(act), public, d.Site.Host, p.Response.CollectedClientData.Origin); err != nil {
		return nil, d.notGood(ctx, v, err)
	}
	return bytes.Clone(b), nil
}
