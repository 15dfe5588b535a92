// The steps of image-processing and image-batch.

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

// How long it takes, and what it makes, are its environment's (functions.json).
exports.slow = async (event) => {
  await sleep(Number(process.env.SECONDS));
  return { image: event.image, made: process.env.KIND, seconds: Number(process.env.SECONDS) };
};

exports.resize = async (image) => ({
  ...image,
  width: Math.min(image.width, 1024),
  height: Math.round((image.height * Math.min(image.width, 1024)) / image.width),
});

exports.thumbnail = async (image) => ({ ...image, thumbnail: image.key.replace(/(\.\w+)$/, '-small$1') });

exports.metadata = async (image) => ({ ...image, pixels: image.width * image.height });

exports.notify = async (event) => ({ notified: true, images: event.processedImages.length });
