package slip

import (
	"github.com/nines-slo/nines/slo/pattern"
)

// Parts of addresses that may hold a secret: the user, also of an address that is none,
// and the query.
var (
	addressUser  = pattern.Of(`(\w://)[^\s"'<>]*@`)
	addressQuery = pattern.Of(`(\w://[^\s"'<>?]*\?)[^\s"'<>]+`)
)

// Discreet returns text without what addresses in it may hold in secret.
func Discreet(text string) string {
	return addressQuery().ReplaceAllString(addressUser().ReplaceAllString(text, "${1}***@"), "${1}***")
}
