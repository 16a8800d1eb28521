/** Links: what is shown stands in the address, so that copying it shares it. */
export { isOwnCode, openCode } from './open-code.ts'
export { LinkError, packSource, unpackSource } from './pack.ts'
export { currentLink, openView, pushPage, setTurn, useRoute } from './route.ts'
