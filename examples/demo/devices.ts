import { say } from './output';
import type { Step } from './step';
import { Visitor } from './visitor';

const laptop = {
  name: 'laptop',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
};

const phone = {
  name: 'phone',
  userAgent:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36',
};

/** Somebody signs in on two devices, and ends the session of one from the other. */
export async function useTwoDevices(step: Step, url: string): Promise<Visitor> {
  const atLaptop = new Visitor('Ada', url, laptop);
  const atPhone = new Visitor('Ada', url, phone);

  await step('Ada signs in on her laptop, and on her phone', async () => {
    await atLaptop.signIn();
    await atPhone.signIn();
    await atLaptop.isSignedInOn('Firefox on Linux', 'Chrome on Android');
  });
  await step('The phone is lost, and Ada signs it out from the laptop', async () => {
    await atLaptop.signsOut('Chrome on Android');
    say('Whoever has the phone clicks on:');
    await atPhone.isNoLongerSignedIn();
    await atLaptop.isStillSignedIn();
  });
  return atLaptop;
}
