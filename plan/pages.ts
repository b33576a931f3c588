import type { ServicePlan } from "../model/plan";
import type { ServiceSpec } from "../model/service-spec";

const repository = (image: string) => image.replace(/(:[^/:@]*)?(@.*)?$/, "");

/** The memory pages that the catalogue's image and its other versions bear. Of another image nothing is known. */
export const planPages = (
  { image, largestPage }: Pick<ServiceSpec, "image" | "largestPage">,
  planned: string,
): Pick<ServicePlan, "largestPage"> =>
  largestPage !== undefined && repository(planned) === repository(image) ? { largestPage } : {};
