package slip

import "regexp"

// Parts of addresses that may hold a secret: the user, also of an address that is none,
// and the query.
var (
	addressUser  = regexp.MustCompile(`(\w://)[^\s"'<>]*@`)
	addressQuery = regexp.MustCompile(`(\w://[^\s"'<>?]*\?)[^\s"'<>]+`)
)

// Discreet returns text without what addresses in it may hold in secret.
func Discreet(text string) string {
	return addressQuery.ReplaceAllString(addressUser.ReplaceAllString(text, "${1}***@"), "${1}***")
}
