/** Where the evidence that is shown came from, so that it can be verified again. */
export type EvidenceOrigin =
  | { readonly kind: 'run'; readonly simId: string }
  | { readonly kind: 'file'; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };
